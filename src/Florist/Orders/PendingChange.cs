namespace Florist.Orders;

/// <summary>A change that was decided and waits for the difference in price to be reserved.</summary>
public sealed record PendingChange
{
    /// <summary>What is asked for after it.</summary>
    public OrderDraft Draft { get; init; } = new();

    /// <summary>Who receives and where after it.</summary>
    public DeliveryContact Contact { get; init; } = new();

    /// <summary>What it costs and when it comes after it.</summary>
    public OrderTerms Terms { get; init; } = new();

    /// <summary>The charge of the difference.</summary>
    public int Charge { get; init; }

    /// <summary>When it is given up.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
}
