using System.Globalization;

namespace Florist.Orders;

/// <summary>What is asked of a payment provider.</summary>
public enum PaymentAct
{
    /// <summary>To reserve an amount.</summary>
    Authorize,

    /// <summary>To take what was reserved.</summary>
    Capture,

    /// <summary>To give a reservation back.</summary>
    Release,

    /// <summary>To give back what was taken.</summary>
    Refund,
}

/// <summary>
/// Names one call to the payment provider, for ever: the key in the outbox, the idempotency key at the provider, and
/// the name by which webhooks tell of it. <c>7q2x:capture</c>, or <c>7q2x:refund:2</c> for a second one.
/// </summary>
/// <param name="Order">The order.</param>
/// <param name="Act">What is asked.</param>
/// <param name="Number">Of which charge, or which refund; from 1.</param>
public sealed record PaymentKey(OrderId Order, PaymentAct Act, int Number)
{
    /// <summary>The key of a text; null for what is none.</summary>
    public static PaymentKey? Parse(string text)
    {
        string[] parts = text.Split(':');
        bool numbered = parts.Length == 3;
        int number = 1;
        return parts.Length is 2 or 3 && parts[0].Length > 0
            && Enum.TryParse(parts[1], ignoreCase: true, out PaymentAct act) && Word(act) == parts[1]
            && (!numbered || (int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out number)
                && number > 1))
            ? new PaymentKey(new OrderId(parts[0]), act, number)
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Number == 1
        ? $"{Order}:{Word(Act)}"
        : string.Create(CultureInfo.InvariantCulture, $"{Order}:{Word(Act)}:{Number}");

    private static string Word(PaymentAct act) => act switch
    {
        PaymentAct.Authorize => "authorize",
        PaymentAct.Capture => "capture",
        PaymentAct.Release => "release",
        PaymentAct.Refund => "refund",
        _ => throw new ArgumentOutOfRangeException(nameof(act), act, "an act without a word"),
    };
}
