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

    public Task<Page<RejectedReport>> Rejected(
        CourierId courier, PageRequest page, CancellationToken cancellationToken) =>
        queries.Page(
            Listing, All, [], page, values => $"courier_id = {values.Place(courier.Value)}", cancellationToken);
}
