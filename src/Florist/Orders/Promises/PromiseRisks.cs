using Florist.Delivery;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>
/// Whether a delivery will be there in time, as far as can be known, and what being late is worth. Pure.
/// </summary>
internal static class PromiseRisks
{
    /// <summary>What endangers a window; null for nothing that is known.</summary>
    public static PromiseRisk? Of(
        DeliveryRecord delivery, DateTimeOffset dueAt, PromiseOptions options, DateTimeOffset now)
    {
        if (delivery.State is DeliveryState.Returning or DeliveryState.Returned or DeliveryState.Failed)
        {
            return new PromiseRisk(RiskCause.DeliveryFailed);
        }

        if (delivery.State == DeliveryState.AttemptFailed)
        {
            return new PromiseRisk(RiskCause.AttemptFailed);
        }

        if (delivery.Eta is { } eta && eta.Latest > dueAt.AddMinutes(options.ToleranceMinutes))
        {
            return new PromiseRisk(RiskCause.CourierLate, eta.Earliest, eta.Latest);
        }

        bool watched = now >= dueAt.AddMinutes(-options.WatchMinutes);
        if (delivery.Policy.Window.Until > dueAt)
        {
            // It stands in for one that failed, and was promised for later.
            return new PromiseRisk(
                RiskCause.DeliveryFailed, delivery.Policy.Window.From, delivery.Policy.Window.Until);
        }

        bool last = now >= dueAt.AddMinutes(-options.LastLookMinutes);
        bool near = delivery.Reached(MilestoneKind.NearDropoff, delivery.Attempt) is not null;
        return delivery.State switch
        {
            DeliveryState.Pending when watched => new PromiseRisk(RiskCause.NoCourier),
            DeliveryState.Assigned when watched => new PromiseRisk(RiskCause.NotCollected),
            DeliveryState.OutForDelivery when last && !near => new PromiseRisk(RiskCause.TimeRunsOut),
            _ => null,
        };
    }

    /// <summary>
    /// When the courier stood at the door in vain for a reason of the recipient's; then the promise to be there is
    /// kept. Null when that did not happen.
    /// </summary>
    public static DateTimeOffset? AttemptedAt(DeliveryRecord delivery) => delivery.FailureReason is
        FailureReason.RecipientNotHome or FailureReason.RecipientRefused or FailureReason.RecipientUnknown
        or FailureReason.RecipientMoved or FailureReason.RecipientUnreachable or FailureReason.AddressNotFound
        or FailureReason.AddressIncomplete or FailureReason.AccessDenied or FailureReason.BusinessClosed
        or FailureReason.NoSafePlace or FailureReason.PinMismatch
        ? delivery.Reached(MilestoneKind.AttemptFail, 1)?.At
        : null;

    /// <summary>The instants at which a window is looked at, the next one after now; null when all are past.</summary>
    public static DateTimeOffset? NextLook(DateTimeOffset dueAt, PromiseOptions options, DateTimeOffset now)
    {
        DateTimeOffset[] looks =
        [
            dueAt.AddMinutes(-options.WatchMinutes), dueAt.AddMinutes(-options.LastLookMinutes), dueAt,
            dueAt.AddMinutes(options.LongMinutes),
        ];
        return looks.Where(look => look > now).Select(look => (DateTimeOffset?)look).Min();
    }

    /// <summary>What being so late is worth.</summary>
    /// <param name="terms">What was promised at what price.</param>
    /// <param name="late">By how much; null for flowers that will not arrive at all.</param>
    /// <param name="options">The scale.</param>
    public static Money Worth(OrderTerms terms, TimeSpan? late, PromiseOptions options)
    {
        Money nothing = Money.Zero(terms.Total.Currency);
        if (late <= TimeSpan.FromMinutes(options.CourtesyMinutes))
        {
            return nothing;
        }

        if (late < TimeSpan.FromMinutes(options.LongMinutes))
        {
            return terms.DeliveryFee;
        }

        decimal share = terms.Subtotal().Minor * options.SharePercent / 100m;
        long minor = (long)Math.Round(share, MidpointRounding.AwayFromZero);
        return terms.DeliveryFee + new Money(minor, terms.Total.Currency);
    }
}
