using System.Collections.Frozen;
using Florist.Kernel;
using Florist.Vouchers;

namespace Florist.Adapters.Sql;

/// <summary>Lists vouchers from their index.</summary>
internal sealed class VouchersSql(SqlQueries queries) : IVoucherQueries
{
    private static readonly SqlListing<VoucherView> Listing = new()
    {
        Select = "body",
        From = "voucher_index",
        Key = "code",
        DefaultOrder = [new OrderTerm("create_time", IsDescending: true)],
        Read = row => FloristJson.Read<VoucherView>(row.GetString(0)),
        Columns = new Dictionary<string, SqlColumn>
        {
            ["customer"] = SqlColumn.Text("customer"),
            ["disabled"] = new("disabled"),
            ["redeemed_count"] = new("redeemed_count"),
            ["create_time"] = new("issued_at"),
        }.ToFrozenDictionary(StringComparer.Ordinal),
    };

    public Task<Page<VoucherView>> List(
        FilterExpression filter, PageRequest page, CancellationToken cancellationToken) =>
        queries.Page(Listing, filter, [], page, null, cancellationToken);
}
