using System.Globalization;
using Florist.Adapters.Sql;
using Florist.Audit;
using Florist.Kernel;

namespace Florist.Tests.Adapters.Sql;

public sealed class AuditSqlTests
{
    private static readonly DateTimeOffset First = new(2026, 5, 1, 9, 0, 0, TimeSpan.Zero);

    /// <summary>The entry of a number, each a minute after the one before.</summary>
    public static AuditEntry Entry(int number) => new()
    {
        Id = $"entry{number:D5}",
        MadeAt = First.AddMinutes(number),
        Principal = "staff:kim",
        Roles = ["agent", "manager"],
        Method = "florist.customers.v1.CustomerService/GetCustomer",
        Resources = ["customers/anna", $"customers/{number}"],
        Status = number % 3 == 0 ? "PERMISSION_DENIED" : "OK",
        Reason = "they rang",
        RequestId = number.ToString(CultureInfo.InvariantCulture),
        Address = "203.0.113.7",
        OnBehalfOf = number % 2 == 0 ? null : "staff:lou",
    };

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Entries_are_found_by_whom_what_when_and_how_it_ended(Engine engine)
    {
        using TestDatabase database = await TestDatabase.Open(engine);
        AuditSql trail = new(database.Sql, new SqlQueries(database.Sql));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => trail.Append(Entry(number))));

        Assert.Equal(Enumerable.Range(0, 20).Reverse(), await Found(trail, ""));
        Assert.Equal([7], await Found(trail, "resources:\"customers/7\""));
        Assert.Empty(await Found(trail, "resources:\"customers/\""));
        Assert.Equal([18, 15, 12, 9, 6, 3, 0], await Found(trail, "status = PERMISSION_DENIED"));
        Assert.Equal([3, 1], await Found(trail, "on_behalf_of:* AND create_time < \"2026-05-01T09:04:00Z\""));
        Assert.Equal([19], await Found(trail, "request_id = \"19\" AND principal = \"staff:*\" AND method = \"*Get*\""));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task What_callers_wrote_is_kept_as_it_is(Engine engine)
    {
        using TestDatabase database = await TestDatabase.Open(engine);
        AuditSql trail = new(database.Sql, new SqlQueries(database.Sql));
        AuditEntry odd = Entry(1) with
        {
            Reason = "'; DROP TABLE audit_entry; -- \0 \u2028 💐",
            Filter = "email = \"o'brien@shop.example\"",
            Resources = ["customers/o'brien", "customers/%_\\"],
        };
        await trail.Append(odd);

        Page<AuditEntry> page = await trail.List(
            AuditListing.Filters.Parse("resources:\"customers/o'brien\"").OrThrow(),
            new PageRequest(10, null),
            TestContext.Current.CancellationToken);
        Assert.Equal(FloristJson.Write(odd), FloristJson.Write(Assert.Single(page.Items)));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Old_entries_are_removed_the_oldest_first_and_no_more_than_asked_for(Engine engine)
    {
        using TestDatabase database = await TestDatabase.Open(engine);
        AuditSql trail = new(database.Sql, new SqlQueries(database.Sql));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(number => trail.Append(Entry(number))));

        Assert.Equal(3, await trail.RemoveBefore(First.AddMinutes(5), 3));
        Assert.Equal([9, 8, 7, 6, 5, 4, 3], await Found(trail, ""));
        Assert.Equal(2, await trail.RemoveBefore(First.AddMinutes(5), 3));
        Assert.Equal([9, 8, 7, 6, 5], await Found(trail, ""));
    }

    private static async Task<IEnumerable<int>> Found(AuditSql trail, string filter)
    {
        Page<AuditEntry> page = await trail.List(
            AuditListing.Filters.Parse(filter).OrThrow(),
            new PageRequest(100, null),
            TestContext.Current.CancellationToken);
        return page.Items.Select(entry => int.Parse(entry.RequestId, CultureInfo.InvariantCulture));
    }
}
