using System.Collections.Immutable;

namespace Florist.Delivery;

/// <summary>
/// What time alone does to a delivery: it comes at risk, becomes late, falls silent, and its proof goes missing.
/// </summary>
internal static class DeliveryDues
{
    public static readonly TimeSpan SilenceMax = TimeSpan.FromHours(4);
    public static readonly TimeSpan ProofWait = TimeSpan.FromHours(1);

    /// <summary>Flowers that are still at the shop so long before the end of the window will hardly make it.</summary>
    public static readonly TimeSpan RiskLead = TimeSpan.FromHours(1);

    /// <summary>When to look next; null when nothing is due any more.</summary>
    public static DateTimeOffset? Next(DeliveryRecord delivery) =>
        new[]
        {
            delivery.Offer?.ExpiresAt, RiskAt(delivery), LateAt(delivery), StalledAt(delivery), ChaseAt(delivery),
        }.Min();

    /// <summary>
    /// The delivery after all that is due, and what to publish of it, earliest first. Each is due as of its own
    /// instant, however late somebody looks.
    /// </summary>
    public static (DeliveryRecord After, ImmutableArray<DeliveryDue> Dues) Take(
        DeliveryRecord delivery, DateTimeOffset now)
    {
        DeliveryRecord after = delivery;
        List<DeliveryDue> dues = [];
        if (after.Offer is { } offer && offer.ExpiresAt <= now)
        {
            after = after with { Offer = null };
            dues.Add(new(DeliveryChangeKind.OfferLapsed, offer.ExpiresAt));
        }

        if (RiskAt(after) is { } riskAt && riskAt <= now)
        {
            after = after with { AtRisk = true };
            dues.Add(new(DeliveryChangeKind.LateRisk, riskAt));
        }

        if (LateAt(after) is { } lateAt && lateAt <= now)
        {
            after = after with { Late = true };
            dues.Add(new(DeliveryChangeKind.Late, lateAt));
        }

        if (StalledAt(after) is { } stalledAt && stalledAt <= now)
        {
            after = after with { Stalled = true };
            dues.Add(new(DeliveryChangeKind.Stalled, stalledAt));
        }

        if (ChaseAt(after) is { } chaseAt && chaseAt <= now)
        {
            after = after with { ProofChased = true };
            dues.Add(new(DeliveryChangeKind.ProofMissing, chaseAt));
        }

        return (after, [.. dues.OrderBy(due => due.At)]);
    }

    // Once it is late there is nothing left to risk.
    private static DateTimeOffset? RiskAt(DeliveryRecord delivery) =>
        delivery.AtRisk || delivery.Late || delivery.State.Rank() >= DeliveryState.OutForDelivery.Rank()
            || delivery.Policy.Window.Until == DateTimeOffset.MaxValue
            ? null
            : delivery.Policy.Window.Until - RiskLead;

    private static DateTimeOffset? LateAt(DeliveryRecord delivery) =>
        delivery.Late || delivery.State.IsTerminal() || delivery.Policy.Window.Until == DateTimeOffset.MaxValue
            ? null
            : delivery.Policy.Window.Until;

    private static DateTimeOffset? StalledAt(DeliveryRecord delivery)
    {
        DateTimeOffset until = delivery.Policy.Window.Until;
        if (delivery.Stalled || delivery.State.IsTerminal() || until == DateTimeOffset.MaxValue)
        {
            return null;
        }

        return (delivery.LastNewsAt > until ? delivery.LastNewsAt : until) + SilenceMax;
    }

    private static DateTimeOffset? ChaseAt(DeliveryRecord delivery) =>
        delivery.ProofPending && !delivery.ProofChased ? delivery.LastNewsAt + ProofWait : null;
}

/// <summary>Something that fell due of a delivery.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When it was due.</param>
internal sealed record DeliveryDue(DeliveryChangeKind Kind, DateTimeOffset At);
