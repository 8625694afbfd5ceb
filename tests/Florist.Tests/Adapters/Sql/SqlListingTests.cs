using System.Collections.Frozen;
using System.Collections.Immutable;
using Florist.Adapters.Sql;
using Florist.Kernel;

namespace Florist.Tests.Adapters.Sql;

/// <summary>Pages of a listing, on both databases.</summary>
public abstract class SqlListingTests : IAsyncLifetime
{
    private const int Rows = 60;

    private static readonly FilterSchema Fields = new(
        FilterField.Text("customer"), FilterField.Date("day"), FilterField.Integer("amount"), FilterField.Text("note"));

    private static readonly SqlListing<Probe> Listing = new()
    {
        Select = "customer_id, day, amount, note",
        From = "probe_index",
        Columns = new Dictionary<string, SqlColumn>
        {
            ["customer"] = new("customer_id"),
            ["day"] = new("day"),
            ["amount"] = new("amount"),
            ["note"] = SqlColumn.Text("note"),
        }.ToFrozenDictionary(StringComparer.Ordinal),
        Key = "customer_id",
        DefaultOrder = [new OrderTerm("day", true)],
        Read = reader => new Probe(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3)),
    };

    private static readonly ImmutableArray<Probe> All =
    [
        .. Enumerable.Range(0, Rows).Select(i => new Probe(
            $"c{i:00}", $"2026-02-{1 + (i % 7):00}", i % 5, i % 3 == 0 ? "" : $"note{i % 4}")),
    ];

    private readonly Engine engine;
    private TestDatabase? opened;

    protected SqlListingTests(Engine engine)
    {
        this.engine = engine;
    }

    private TestDatabase Db => opened ?? throw new InvalidOperationException("not open");

    private SqlQueries Queries => new(Db.Sql);

    public async ValueTask InitializeAsync() => opened = await TestDatabase.Open(engine);

    public ValueTask DisposeAsync()
    {
        opened?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    public static TheoryData<string, int> OrdersAndSizes => new MatrixTheoryData<string, int>(
        ["", "amount", "amount desc", "day, amount desc", "note desc, day desc", "note, amount"], [1, 7, 60, 61]);

    [Theory]
    [MemberData(nameof(OrdersAndSizes))]
    public async Task Pages_hold_every_row_once_in_the_order_that_was_asked_for(string orderBy, int size)
    {
        await Fill();
        ImmutableArray<OrderTerm> order = Order(orderBy);

        List<Probe> seen = await Walk(new FilterExpression.Everything(), order, size, null);

        Assert.Equal(Sorted(All, order), seen);
    }

    [Fact]
    public async Task Filter_and_scope_hold_on_every_page()
    {
        await Fill();
        FilterExpression filter = Filter("amount >= 2 AND NOT note = \"note1\"");

        List<Probe> seen = await Walk(filter, [], 4, values => $"day <> {values.Place("2026-02-03")}");

        IEnumerable<Probe> expected = All.Where(
            row => row.Amount >= 2 && row.Note != "note1" && row.Day != "2026-02-03");
        Assert.Equal(Sorted(expected, Listing.DefaultOrder), seen);
    }

    [Fact]
    public async Task Rows_that_come_and_go_between_pages_neither_double_nor_hide_the_others()
    {
        await Fill();
        ImmutableArray<OrderTerm> order = Order("customer");
        Page<Probe> first = await Page(new FilterExpression.Everything(), order, new PageRequest(10, null), null);
        await Execute("DELETE FROM probe_index WHERE customer_id IN ('c03', 'c09')");
        await Execute("INSERT INTO probe_index VALUES ('c02a', '2026-02-01', 1, '')");

        Page<Probe> second =
            await Page(new FilterExpression.Everything(), order, new PageRequest(10, first.Next), null);

        Assert.Equal(All.Skip(10).Take(10), second.Items);
    }

    [Fact]
    public async Task The_last_page_has_no_next_also_when_it_is_full()
    {
        await Fill();

        Page<Probe> page = await Page(new FilterExpression.Everything(), [], new PageRequest(Rows, null), null);

        Assert.Equal(Rows, page.Items.Length);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task Single_rows_and_numbers_are_read_or_absent()
    {
        await Fill();
        const string One = "SELECT customer_id, day, amount, note FROM probe_index WHERE customer_id = $1";

        Assert.Equal(All[5], await Queries.First(One, ["c05"], Listing.Read, default));
        Assert.Null(await Queries.First(One, ["c5"], Listing.Read, default));
        Assert.Equal(12, await Queries.Number("SELECT COUNT(*) FROM probe_index WHERE amount = $1", [2], default));
        Assert.Null(await Queries.Number("SELECT MAX(amount) FROM probe_index WHERE amount > $1", [9], default));
        Assert.Equal(12, (await Queries.List(
            "SELECT customer_id FROM probe_index WHERE amount = $1", [2], row => row.GetString(0), default)).Length);
    }

    private static ImmutableArray<OrderTerm> Order(string orderBy) =>
        new OrderBySchema("customer", "day", "amount", "note").Parse(orderBy).Failed(out Fault? fault, out var order)
            ? throw new InvalidOperationException(fault.Text)
            : order;

    private static FilterExpression Filter(string filter) =>
        Fields.Parse(filter).Failed(out Fault? fault, out var parsed)
            ? throw new InvalidOperationException(fault.Text)
            : parsed;

    private static List<Probe> Sorted(IEnumerable<Probe> rows, ImmutableArray<OrderTerm> order)
    {
        ImmutableArray<OrderTerm> terms = order.IsEmpty ? Listing.DefaultOrder : order;
        ImmutableArray<OrderTerm> whole = terms.Add(new OrderTerm("customer", terms.All(term => term.IsDescending)));
        List<Probe> sorted = [.. rows];
        sorted.Sort((a, b) =>
        {
            foreach (OrderTerm term in whole)
            {
                int compared = term.Field == "amount"
                    ? a.Amount.CompareTo(b.Amount)
                    : string.CompareOrdinal(a.Text(term.Field), b.Text(term.Field));
                if (compared != 0)
                {
                    return term.IsDescending ? -compared : compared;
                }
            }

            return 0;
        });
        return sorted;
    }

    private async Task<List<Probe>> Walk(
        FilterExpression filter, ImmutableArray<OrderTerm> order, int size, Func<SqlValues, string>? scope)
    {
        List<Probe> seen = [];
        string? next = null;
        do
        {
            Page<Probe> page = await Page(filter, order, new PageRequest(size, next), scope);
            seen.AddRange(page.Items);
            next = page.Next;
        }
        while (next is not null);

        return seen;
    }

    private Task<Page<Probe>> Page(
        FilterExpression filter, ImmutableArray<OrderTerm> order, PageRequest page, Func<SqlValues, string>? scope) =>
        Queries.Page(Listing, filter, order, page, scope, default);

    private Task<int[]> Fill() => Task.WhenAll(All.Select(row => Db.Sql.Change(
        "rows", "INSERT INTO probe_index VALUES ($1, $2, $3, $4)", row.Customer, row.Day, row.Amount, row.Note)));

    private Task<int> Execute(string sql) => Db.Sql.Change("rows", sql);

    private sealed record Probe(string Customer, string Day, long Amount, string Note)
    {
        public string Text(string field) => field switch
        {
            "customer" => Customer,
            "day" => Day,
            _ => Note,
        };
    }
}

public sealed class SqlListingOnSqliteTests() : SqlListingTests(Engine.Sqlite);

public sealed class SqlListingOnPostgresTests() : SqlListingTests(Engine.Postgres);
