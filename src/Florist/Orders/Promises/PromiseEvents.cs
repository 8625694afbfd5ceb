using Florist.Delivery;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>What is to be said to the customer about a promise.</summary>
public enum PromiseTell
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>That the flowers will be late; said before the window ends wherever that can be known.</summary>
    RunningLate,

    /// <summary>That we are sorry, and what we do about it.</summary>
    Broken,
}

/// <summary>
/// How a promise stands has changed. Body of <see cref="OrdersTopics.PromiseChanged"/>. May arrive late, twice and out
/// of order.
/// </summary>
public sealed record PromiseChanged
{
    /// <summary>The order.</summary>
    public OrderFacts Order { get; init; } = new();

    /// <summary>Which of its promises.</summary>
    public int Number { get; init; }

    /// <summary>
    /// Rises by one with every event of the order's promises; an event with a lower one is older news.
    /// </summary>
    public long News { get; init; }

    /// <summary>What was promised.</summary>
    public PromiseKind Kind { get; init; }

    /// <summary>Where it stands.</summary>
    public PromiseState State { get; init; }

    /// <summary>True while the customer waits for us to put something right.</summary>
    public bool IsOpen { get; init; }

    /// <summary>What is to be said.</summary>
    public PromiseTell Tell { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>What endangers it; null for nothing, or nothing any more.</summary>
    public PromiseRisk? Risk { get; init; }

    /// <summary>What was given back for it; null for nothing.</summary>
    public Money? Returned { get; init; }

    /// <summary>The delivery that it is about; null for none.</summary>
    public DeliveryId? Delivery { get; init; }

    /// <summary>Where that delivery stands.</summary>
    public DeliveryState DeliveryState { get; init; }

    /// <summary>The attempt of that delivery.</summary>
    public int Attempt { get; init; }
}

/// <summary>Asks to make a promise good out of the budget.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="CustomerId">Whose cap it counts against.</param>
/// <param name="Number">Which promise.</param>
/// <param name="Wanted">What the rules give for it.</param>
/// <param name="Day">The civil day, in the shop's zone, whose budget it counts against.</param>
internal sealed record PromiseCompensation(
    OrderId OrderId, Customers.CustomerId CustomerId, int Number, Money Wanted, DateOnly Day);
