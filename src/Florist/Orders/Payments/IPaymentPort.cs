using Florist.Kernel;

namespace Florist.Orders;

/// <summary>
/// The way to a payment provider. Every method is effectively once by its idempotency key: a repeat with the same key
/// answers as the first call did. An implementation does not throw for what the provider does; it answers what is
/// known. Amounts are in minor units and in the currency of the reservation.
/// </summary>
public interface IPaymentPort
{
    /// <summary>Reserves an amount.</summary>
    /// <param name="idempotencyKey">The same for every repeat, at most 200 ASCII characters.</param>
    /// <param name="amount">How much.</param>
    /// <param name="token">The provider's token for the means of payment.</param>
    /// <param name="cancellationToken">Gives up waiting; the answer is then <see cref="PaymentKind.Unknown"/>.</param>
    Task<PaymentOutcome> Authorize(
        string idempotencyKey, Money amount, string token, CancellationToken cancellationToken);

    /// <summary>Takes what was reserved, or a part of it; what is left of the reservation is given back.</summary>
    /// <param name="idempotencyKey">As in <see cref="Authorize"/>.</param>
    /// <param name="reference">The reservation.</param>
    /// <param name="amount">How much, at most what was reserved.</param>
    /// <param name="cancellationToken">As in <see cref="Authorize"/>.</param>
    Task<PaymentOutcome> Capture(
        string idempotencyKey, string reference, Money amount, CancellationToken cancellationToken);

    /// <summary>Gives a reservation back that nothing was taken of.</summary>
    /// <param name="idempotencyKey">As in <see cref="Authorize"/>.</param>
    /// <param name="reference">The reservation.</param>
    /// <param name="cancellationToken">As in <see cref="Authorize"/>.</param>
    Task<PaymentOutcome> Release(string idempotencyKey, string reference, CancellationToken cancellationToken);

    /// <summary>Gives back what was taken, or a part of it.</summary>
    /// <param name="idempotencyKey">As in <see cref="Authorize"/>.</param>
    /// <param name="reference">The reservation that it was taken of.</param>
    /// <param name="amount">How much, with earlier refunds at most what was taken.</param>
    /// <param name="cancellationToken">As in <see cref="Authorize"/>.</param>
    Task<PaymentOutcome> Refund(
        string idempotencyKey, string reference, Money amount, CancellationToken cancellationToken);

    /// <summary>
    /// What became of an earlier call; <see cref="PaymentKind.NotFound"/> when none with this key ever arrived.
    /// </summary>
    /// <param name="idempotencyKey">The key of that call.</param>
    /// <param name="cancellationToken">As in <see cref="Authorize"/>.</param>
    Task<PaymentOutcome> Find(string idempotencyKey, CancellationToken cancellationToken);
}

/// <summary>What is known after a call to a payment provider.</summary>
public enum PaymentKind
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>Refused for good.</summary>
    Declined,

    /// <summary>Not known: the answer was lost. Look it up by the same key.</summary>
    Unknown,

    /// <summary>The payer has to confirm it first, at <see cref="PaymentOutcome.ActionUri"/>.</summary>
    ActionRequired,

    /// <summary>No call with the key ever arrived. Only of a look-up.</summary>
    NotFound,
}

/// <summary>The answer of a payment provider.</summary>
/// <param name="Kind">What is known.</param>
/// <param name="Reference">The provider's reference when done or to be confirmed; else null.</param>
/// <param name="Reason">Why not, as a word for logs; null when done.</param>
public sealed record PaymentOutcome(PaymentKind Kind, string? Reference, string? Reason)
{
    /// <summary>Where the payer confirms the payment; null unless that is asked for.</summary>
    public string? ActionUri { get; init; }

    /// <summary>Until when a reservation holds; null when it was not told, or nothing is reserved.</summary>
    public DateTimeOffset? AuthorizedUntil { get; init; }
}
