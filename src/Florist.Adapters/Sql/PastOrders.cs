using System.Collections.Immutable;
using System.Globalization;
using Florist.Orders;

namespace Florist.Adapters.Sql;

/// <summary>Orders whose delivery date has passed long ago.</summary>
internal sealed class PastOrders(ISqlDatabase database) : IPastOrders
{
    private const string Select = """
        SELECT delivery_date, order_id FROM order_index
        WHERE delivery_date < $1 AND (delivery_date, order_id) > ($2, $3)
        ORDER BY delivery_date, order_id LIMIT $4
        """;

    public Task<ImmutableArray<PastOrder>> Read(
        DateOnly before, PastOrder? after, int max, CancellationToken cancellationToken) =>
        database.Read(
            Select,
            [before, after?.DeliveryOn ?? DateOnly.MinValue, after?.Id.Value ?? "", max],
            row => new PastOrder(
                DateOnly.ParseExact(row.GetString(0), "yyyy-MM-dd", CultureInfo.InvariantCulture),
                new OrderId(row.GetString(1))),
            cancellationToken);
}
