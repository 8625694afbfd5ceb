using Florist.Kernel;

namespace Florist.Orders;

/// <summary>
/// The way to a payment provider. Every method is effectively once by its idempotency key: a repeat with the same key
/// answers as the first call did. An implementation does not throw for what the provider does; it answers what is
/// known.
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

    /// <summary>Gives a reservation back.</summary>
    /// <param name="idempotencyKey">As in <see cref="Authorize"/>.</param>
    /// <param name="reference">The reservation.</param>
    /// <param name="cancellationToken">As in <see cref="Authorize"/>.</param>
    Task<PaymentOutcome> Release(string idempotencyKey, string reference, CancellationToken cancellationToken);
}

/// <summary>What is known after a call to a payment provider.</summary>
public enum PaymentKind
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>Refused for good.</summary>
    Declined,

    /// <summary>Not known: the answer was lost. Ask again with the same key.</summary>
    Unknown,
}

/// <summary>The answer of a payment provider.</summary>
/// <param name="Kind">What is known.</param>
/// <param name="Reference">The provider's reference when done; else null.</param>
/// <param name="Reason">Why not, as a word for logs; null when done.</param>
public sealed record PaymentOutcome(PaymentKind Kind, string? Reference, string? Reason);
