using Florist.Kernel;

namespace Florist.Delivery;

/// <summary>Questions about couriers that no single grain can answer.</summary>
public interface ICourierQueries
{
    /// <summary>The fields that a filter over couriers may name.</summary>
    static readonly FilterSchema Filterable = new(
        FilterField.Enum("state", ["ACTIVE", "DISABLED"]),
        FilterField.Timestamp("create_time"));

    /// <summary>Couriers, the latest created first.</summary>
    Task<Page<CourierView>> Couriers(
        FilterExpression filter, PageRequest page, CancellationToken cancellationToken);

    /// <summary>What a courier is offered or has taken on, by order and delivery.</summary>
    Task<Page<CourierAssignment>> Assignments(
        CourierId courier, PageRequest page, CancellationToken cancellationToken);

    /// <summary>What some courier is offered or has taken on of a delivery; null for nothing.</summary>
    Task<CourierAssignment?> Assignment(string orderId, DeliveryId delivery, CancellationToken cancellationToken);

    /// <summary>What was rejected of a courier's reports, by all its producers, the latest first.</summary>
    Task<Page<RejectedReport>> Rejected(CourierId courier, PageRequest page, CancellationToken cancellationToken);
}
