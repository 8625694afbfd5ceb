using System.Collections.Frozen;
using Florist.Delivery;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>Lists what was rejected of couriers' reports.</summary>
internal sealed class DeliverySql(SqlQueries queries) : ICourierQueries
{
    private static readonly FilterExpression All = new FilterExpression.Everything();

    // A producer's letters are numbered; with its name in front the number tells all letters of a courier apart.
    private static readonly SqlListing<RejectedReport> Listing = new()
    {
        Select = "body",
        From = "courier_rejected_update",
        Key = "producer_id || '/' || substr('000000000000' || number, length('' || number) + 1)",
        DefaultOrder = [new OrderTerm("receive_time", IsDescending: true)],
        Read = row => FloristJson.Read<RejectedReport>(row.GetString(0)),
        Columns = new Dictionary<string, SqlColumn> { ["receive_time"] = new("received_at") }
            .ToFrozenDictionary(StringComparer.Ordinal),
    };

    private static readonly SqlListing<CourierView> CourierListing = new()
    {
        Select = "body",
        From = "courier_index",
        Key = "courier_id",
        DefaultOrder = [new OrderTerm("create_time", IsDescending: true)],
        Read = row => FloristJson.Read<CourierView>(row.GetString(0)),
        Columns = new Dictionary<string, SqlColumn> { ["state"] = new("state"), ["create_time"] = new("created_at") }
            .ToFrozenDictionary(StringComparer.Ordinal),
    };

    private static readonly SqlListing<CourierAssignment> AssignmentListing = new()
    {
        Select = "body",
        From = "courier_assignment",
        Key = "order_id || '/' || delivery_id",
        Read = row => FloristJson.Read<CourierAssignment>(row.GetString(0)),
        Columns = FrozenDictionary<string, SqlColumn>.Empty,
    };

    public Task<Page<CourierAssignment>> Assignments(
        CourierId courier, PageRequest page, CancellationToken cancellationToken) => queries.Page(
            AssignmentListing,
            All,
            [],
            page,
            values => $"courier_id = {values.Place(courier.Value)}",
            cancellationToken);

    public Task<CourierAssignment?> Assignment(
        string orderId, DeliveryId delivery, CancellationToken cancellationToken) => queries.First(
            "SELECT body FROM courier_assignment WHERE order_id = $1 AND delivery_id = $2",
            [orderId, delivery.Value],
            row => FloristJson.Read<CourierAssignment>(row.GetString(0)),
            cancellationToken);

    public Task<Page<CourierView>> Couriers(
        FilterExpression filter, PageRequest page, CancellationToken cancellationToken) =>
        queries.Page(CourierListing, filter, [], page, scope: null, cancellationToken);

    public Task<Page<RejectedReport>> Rejected(
        CourierId courier, PageRequest page, CancellationToken cancellationToken) =>
        queries.Page(
            Listing, All, [], page, values => $"courier_id = {values.Place(courier.Value)}", cancellationToken);
}
