using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Orleans;

namespace Florist.Delivery.Webhooks;

/// <summary>
/// Brings what a genuine webhook says to its delivery, and keeps what could not be used as a dead letter.
/// </summary>
internal sealed class WebhookIntake(IGrainFactory grains, CourierIntake intake, TimeProvider time)
{
    private const string Producer = "_webhook";

    private static readonly Fault UnknownReference = Fault.Invalid(
        "event.delivery", "UNKNOWN_REFERENCE", "the webhook carries no reference of the form that we give out");

    private static readonly Fault UnknownWord = Fault.Invalid(
        "event.raw_status", "UNKNOWN_WORD", "the vocabulary does not have this word");

    /// <summary>Takes a webhook. Safe to repeat: what it says is decided once.</summary>
    public async Task Take(CourierId courier, WebhookNews news, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (news.Leg is not { } leg)
        {
            DeliveryEvent lost = new() { EventId = news.EventId, RawStatus = news.RawStatus };
            await Keep(courier, [lost.ToRejected(UnknownReference, 0)]);
            return;
        }

        ImmutableArray<DeliveryEvent> events = news.Word.Kind == WordKind.GivenUp
            ? await GivenUp(courier, news, leg, now)
            : WebhookEvents.Of(news, leg, now);
        ImmutableArray<AddressedReport> reports = [.. events.Select(sent => Read(sent, courier, news))];
        ImmutableArray<ReportAnswer> answers = await intake.DecideAll(reports, cancellationToken);
        bool isNews = answers.Any(answer => answer.Disposition != Disposition.Duplicate);
        await Keep(courier,
        [
            .. events.Zip(answers)
                .Where(decided => decided.Second.Fault is { } fault && fault.Kind != FaultKind.Denied)
                .Select(decided => decided.First.ToRejected(decided.Second.Fault ?? UnknownWord, 0)),
            .. news.Word.Kind == WordKind.Unknown && isNews ? [events[0].ToRejected(UnknownWord, 0)]
                : ImmutableArray<RejectedReport>.Empty,
        ]);
    }

    // Whoever tells no time would say another each time it says the same, if ours were taken for theirs.
    private static AddressedReport Read(DeliveryEvent sent, CourierId courier, WebhookNews news)
    {
        AddressedReport read = DeliveryMessages.Read(sent, courier, ReportSource.Webhook);
        return news.OccurredAt is not null
            ? read
            : read with { Report = read.Report with { TimeIsOurs = true } };
    }

    // What giving up means depends on whether they have the flowers.
    private async Task<ImmutableArray<DeliveryEvent>> GivenUp(
        CourierId courier, WebhookNews news, LegReference leg, DateTimeOffset now)
    {
        IDeliveryGrain order = grains.GetGrain<IDeliveryGrain>(leg.OrderId);
        Outcome<ImmutableArray<DeliveryRecord>> all = await order.Deliveries();
        DeliveryRecord? delivery = all.Failed(out _, out ImmutableArray<DeliveryRecord> known)
            ? null
            : known.FirstOrDefault(one => one.Id == leg.Delivery);
        bool isOurs = delivery is { LegOpen: true } && delivery.Leg == leg.Leg && delivery.Courier == courier;
        if (isOurs && delivery?.State == DeliveryState.Assigned)
        {
            // A refusal means that somebody was faster, and that there is nothing left to give back.
            await order.Unassign(new UnassignDelivery(
                $"webhook:{news.EventId}",
                leg.Delivery,
                new DeliveryActor(DeliveryRole.Courier, courier.Value),
                news.ReasonText ?? news.RawStatus,
                Etag: null));
            return [];
        }

        bool hasFlowers = isOurs && delivery?.State.ClaimsCustody() == true && !delivery.State.IsTerminal();
        return hasFlowers
            ? [WebhookEvents.Step(news, leg, now, DeliveryState.Failed)]
            : WebhookEvents.Of(
                news with { Word = news.Word with { Kind = WordKind.Nothing }, Eta = null, IsNear = false }, leg, now);
    }

    private async Task Keep(CourierId courier, ImmutableArray<RejectedReport> letters)
    {
        if (!letters.IsEmpty)
        {
            KeepBatch command = new(new ReportBatch(null, []), [], letters);
            await grains.GetGrain<ICourierProducerGrain>($"{courier}/{Producer}").Keep(command);
        }
    }
}
