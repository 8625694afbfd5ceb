using Florist.Kernel;

namespace Florist.Orders;

/// <summary>Topics of what is asked of the payment provider.</summary>
internal static class PaymentTopics
{
    /// <summary>Body <see cref="PaymentRequest"/>.</summary>
    public const string Authorize = "orders.authorize_payment";

    /// <summary>Body <see cref="PaymentCapture"/>.</summary>
    public const string Capture = "orders.capture_payment";

    /// <summary>Body <see cref="PaymentRelease"/>.</summary>
    public const string Release = "orders.release_payment";

    /// <summary>Body <see cref="PaymentRefund"/>.</summary>
    public const string Refund = "orders.refund_payment";
}

/// <summary>Asks to reserve an amount.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Amount">How much.</param>
/// <param name="Token">How it is paid. Here, and nowhere in the order: the row goes with the payment.</param>
internal sealed record PaymentRequest(OrderId OrderId, Money Amount, string Token)
{
    /// <summary>Which charge.</summary>
    public int Number { get; init; } = 1;
}

/// <summary>Asks to take what was reserved.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Number">Which charge.</param>
/// <param name="Reference">The provider's reference.</param>
/// <param name="Amount">How much.</param>
internal sealed record PaymentCapture(OrderId OrderId, int Number, string Reference, Money Amount);

/// <summary>Asks to give back what was reserved.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Reference">The provider's reference.</param>
internal sealed record PaymentRelease(OrderId OrderId, string Reference)
{
    /// <summary>Which charge.</summary>
    public int Number { get; init; } = 1;
}

/// <summary>Asks to give back what was taken.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Number">Which refund.</param>
/// <param name="Reference">The provider's reference of the charge.</param>
/// <param name="Amount">How much.</param>
internal sealed record PaymentRefund(OrderId OrderId, int Number, string Reference, Money Amount);
