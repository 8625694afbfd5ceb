namespace Florist.Delivery;

/// <summary>Reports that are no steps: estimates, positions, notes. They never move a delivery.</summary>
internal static class SideReports
{
    /// <summary>A position sooner after the last one than this is not worth a write.</summary>
    public static readonly TimeSpan LocationGapMin = TimeSpan.FromSeconds(5);

    public static DeliveryDecision Decide(
        DeliveryRecord delivery, CourierReport report, DateTimeOffset at, DateTimeOffset now) => report switch
        {
            { Eta: { Earliest: { } earliest, Latest: { } latest } eta } =>
                DecideEta(delivery, report.Attempt, eta, new EtaWindow(earliest, latest, at), now),
            { Location: { } location } =>
                DecideLocation(delivery, new(location.Latitude, location.Longitude, at), now),
            _ => Of(Disposition.Applied, Heard(delivery, now), kept: true),
        };

    // The last estimate wins, by the courier's clock: all estimates of a leg come from one courier.
    private static DeliveryDecision DecideEta(
        DeliveryRecord delivery, int attempt, EtaReport report, EtaWindow eta, DateTimeOffset now)
    {
        bool attemptIsOver = attempt < delivery.Attempt && attempt != 0;
        bool nothingToExpect = delivery.State is DeliveryState.AttemptFailed or DeliveryState.Returning
            && attempt <= delivery.Attempt;
        if (delivery.State.IsTerminal() || attemptIsOver || nothingToExpect || delivery.Eta?.ToldAt > eta.ToldAt)
        {
            return Of(Disposition.Stale, delivery, kept: true);
        }

        DeliveryRecord after = Heard(delivery, now) with { Eta = eta };
        Notices notice = Notices.None;
        if (report.NearDropoff)
        {
            after = DeliveryMoves.Mark(
                after,
                MilestoneKind.NearDropoff,
                attempt == 0 ? delivery.Attempt : attempt,
                eta.ToldAt,
                inferred: false);
            notice = delivery.State == DeliveryState.OutForDelivery
                ? NoticeRules.Once(delivery, Notices.NearlyThere, eta.ToldAt, now)
                : Notices.None;
            after = after with { Notified = after.Notified | notice };
        }

        bool same = delivery.Eta is { } known && known.Earliest == eta.Earliest && known.Latest == eta.Latest;
        bool nearer = after.Milestones != delivery.Milestones;
        return Of(same && !nearer ? Disposition.NoOp : Disposition.Applied, after, kept: true) with
        {
            Notice = notice,
            Change = same && !nearer ? null : DeliveryChangeKind.Eta,
        };
    }

    private static DeliveryDecision DecideLocation(
        DeliveryRecord delivery, CourierLocation location, DateTimeOffset now)
    {
        if (delivery.State.IsTerminal())
        {
            return Of(Disposition.Stale, delivery, kept: false);
        }

        return delivery.Location is { } known && location.At < known.At + LocationGapMin
            ? Of(Disposition.NoOp, delivery, kept: false)
            : Of(Disposition.Applied, Heard(delivery, now) with { Location = location }, kept: false);
    }

    private static DeliveryRecord Heard(DeliveryRecord delivery, DateTimeOffset now) =>
        delivery with { LastNewsAt = now, Stalled = false };

    private static DeliveryDecision Of(Disposition disposition, DeliveryRecord after, bool kept) =>
        new() { Disposition = disposition, Rule = 0, After = after, Kept = kept };
}
