using System.Collections.Immutable;
using System.Globalization;
using Florist.Kernel;
using Orleans.Runtime;

namespace Florist.Customers;

/// <summary>
/// The child rows that hold a customer's purchases. Their ids begin with the day, so that one short read tells both
/// what is known of a day and whether a purchase is known at all.
/// </summary>
internal sealed class PurchaseHistory(IGrainRows rows, GrainId owner)
{
    private const string Kind = "purchase";
    private const int RowsPerRead = 1000;

    // Sorts before every key, and behind the day.
    private const char AfterDay = ':';

    public static RowChange Row(Purchase purchase) =>
        RowChange.PutChild(Kind, RowId(purchase), FloristJson.Write(purchase));

    /// <summary>All purchases, by day and key.</summary>
    public Task<ImmutableArray<Purchase>> All() => Read(after: null, prefix: "");

    /// <summary>The purchases of one day, by key.</summary>
    public Task<ImmutableArray<Purchase>> On(DateOnly day)
    {
        string prefix = Prefix(day);
        return Read(after: prefix, prefix);
    }

    /// <summary>A page, latest day first.</summary>
    public async Task<Page<Purchase>> Latest(PageRequest page)
    {
        ImmutableArray<GrainRow> read = await rows.Read(owner, Kind, page.Size + 1, page.After, backwards: true);
        bool more = read.Length > page.Size;
        ImmutableArray<GrainRow> shown = more ? read[..page.Size] : read;
        return new Page<Purchase>(
            [.. shown.Select(row => FloristJson.Read<Purchase>(row.Body))], more ? shown[^1].Id : null);
    }

    /// <summary>The deletion of every row of a kind.</summary>
    public async Task<ImmutableArray<RowChange>> Deletions(string kind)
    {
        ImmutableArray<RowChange>.Builder deletions = ImmutableArray.CreateBuilder<RowChange>();
        string? after = null;
        ImmutableArray<GrainRow> read;
        do
        {
            read = await rows.Read(owner, kind, RowsPerRead, after);
            deletions.AddRange(read.Select(row => RowChange.DeleteChild(kind, row.Id)));
            after = read.IsEmpty ? null : read[^1].Id;
        }
        while (read.Length == RowsPerRead);
        return deletions.ToImmutable();
    }

    /// <summary>The deletion of every purchase.</summary>
    public Task<ImmutableArray<RowChange>> Deletions() => Deletions(Kind);

    private async Task<ImmutableArray<Purchase>> Read(string? after, string prefix)
    {
        ImmutableArray<Purchase>.Builder found = ImmutableArray.CreateBuilder<Purchase>();
        while (true)
        {
            ImmutableArray<GrainRow> read = await rows.Read(owner, Kind, RowsPerRead, after);
            foreach (GrainRow row in read)
            {
                if (!row.Id.StartsWith(prefix, StringComparison.Ordinal))
                {
                    return found.ToImmutable();
                }

                found.Add(FloristJson.Read<Purchase>(row.Body));
            }

            if (read.Length < RowsPerRead)
            {
                return found.ToImmutable();
            }

            after = read[^1].Id;
        }
    }

    private static string RowId(Purchase purchase) => Prefix(purchase.Day) + purchase.Key;

    private static string Prefix(DateOnly day) =>
        day.ToString("yyyyMMdd", CultureInfo.InvariantCulture) + AfterDay;
}
