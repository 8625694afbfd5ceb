using System.Collections.Immutable;
using Florist.Kernel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace Florist.Delivery;

/// <summary>Brings couriers' reports to the orders that they are about, whichever way they came.</summary>
internal sealed class CourierIntake(
    IGrainFactory grains, IProofStore images, IOptions<DeliveryOptions> options, ILogger<CourierIntake> log)
{
    private static readonly TimeSpan LegPollMin = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The answer to a report, durable. An assignment may be on its way while its courier already reports, so a leg
    /// that is not known yet is waited for: here and not in the grain, which could then not be assigned.
    /// </summary>
    public async Task<ReportAnswer> Decide(AddressedReport addressed, CancellationToken cancellationToken)
    {
        (ReportAnswer answer, _) = await Decide(addressed, LegWait, cancellationToken);
        return answer;
    }

    /// <summary>Answers to several reports, in their order: different orders in parallel, each order in turn.</summary>
    public async Task<ImmutableArray<ReportAnswer>> DecideAll(
        ImmutableArray<AddressedReport> reports, CancellationToken cancellationToken)
    {
        ReportAnswer[] answers = new ReportAnswer[reports.Length];
        await Task.WhenAll(reports.Index().GroupBy(report => report.Item.OrderId).Select(async order =>
        {
            // One wait for all of the order: a caller waits for the whole batch.
            TimeSpan left = LegWait;
            foreach ((int index, AddressedReport report) in order)
            {
                (answers[index], left) = await Decide(report, left, cancellationToken);
            }
        }));
        return [.. answers];
    }

    private TimeSpan LegWait => TimeSpan.FromMilliseconds(options.Value.LegWaitMsMax);

    private async Task<(ReportAnswer Answer, TimeSpan Left)> Decide(
        AddressedReport addressed, TimeSpan left, CancellationToken cancellationToken)
    {
        TimeSpan pause = LegPollMin;
        while (true)
        {
            ReportAnswer answer = await Ask(addressed);
            if (answer.Reason != DeliveryRules.LegUnknown || left <= TimeSpan.Zero)
            {
                Note(addressed, answer);
                return (answer, left);
            }

            pause = pause < left ? pause : left;
            left -= pause;
            await Task.Delay(pause, TimeProvider.System, cancellationToken);
            pause *= 2;
        }
    }

    private async Task<ReportAnswer> Ask(AddressedReport addressed)
    {
        CourierReport report = addressed.Report;
        if (addressed.OrderId is null)
        {
            return Rejected(report, Fault.Invalid(
                "event.delivery", "NAME_INVALID", "is not a name of the form orders/{order}/deliveries/{delivery}"));
        }

        if (ImageMistake(addressed) is { } mistake)
        {
            return Rejected(report, mistake);
        }

        Outcome<ReportAnswer> outcome = await grains.GetGrain<IDeliveryGrain>(addressed.OrderId).Report(report);
        if (!outcome.Failed(out Fault? fault, out ReportAnswer? answer))
        {
            return answer;
        }

        // An order that does not exist is told like a delivery that does not: neither is for a courier to find out.
        return Rejected(report, fault.Kind == FaultKind.NotFound ? DeliveryRules.UnknownDelivery : fault);
    }

    // An image of ours has to be there, and of this very delivery; what is elsewhere is the courier's to answer for.
    private Fault? ImageMistake(AddressedReport addressed)
    {
        CourierReport report = addressed.Report;
        DeliveryProof proof = report.State?.Proof ?? DeliveryProof.None;
        foreach (string? uri in new[] { proof.PhotoUri, proof.SignatureUri })
        {
            bool isKnown = ProofImage.Read(uri) is not { } image
                || (image.OrderId == addressed.OrderId && image.Delivery == report.Delivery && images.Has(image)
                    && (uri != proof.PhotoUri || image.Sha256 == proof.PhotoSha256));
            if (!isKnown)
            {
                return Fault.Invalid(
                    "event.state_report.proof", "UNKNOWN_IMAGE", "names no image of this delivery that was put here");
            }
        }

        return null;
    }

    private static ReportAnswer Rejected(CourierReport report, Fault fault) => new()
    {
        EventId = report.EventId,
        Disposition = Disposition.Rejected,
        Reason = fault.Reason,
        Fault = fault,
    };

    private void Note(AddressedReport addressed, ReportAnswer answer)
    {
        CourierReport report = addressed.Report;
        if (answer.Fault?.Kind == FaultKind.Denied)
        {
            DeliveryLog.ForeignLeg(
                log, report.Courier.Value, report.Leg, addressed.OrderId ?? "", report.Delivery.Value);
        }
        else if (answer.Disposition == Disposition.Conflict)
        {
            DeliveryLog.Contradicted(
                log, report.Courier.Value, addressed.OrderId ?? "", report.Delivery.Value, answer.Reason);
        }
    }
}
