using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Tests.Kernel.Filtering;
using FsCheck;
using FsCheck.Fluent;

namespace Florist.Tests.Adapters.Sql;

/// <summary>A filter finds in either database what it finds in memory, for every type of field.</summary>
public sealed class FilterSqlTests
{
    private const int Runs = 400;

    private static readonly FilterSchema Schema = new(
        FilterField.Text("name"),
        FilterField.TextSet("tags"),
        FilterField.Integer("stems"),
        FilterField.Decimal("weight", 3),
        FilterField.Money("total"),
        FilterField.Date("delivery_date"),
        FilterField.Timestamp("create_time"),
        FilterField.Duration("delay"),
        FilterField.Boolean("gift"),
        FilterField.Enum("state", "PENDING", "DELIVERED"));

    private static readonly FrozenDictionary<string, SqlColumn> Columns = new Dictionary<string, SqlColumn>
    {
        ["name"] = SqlColumn.Text("name"),
        ["tags"] = SqlColumn.Text("tags"),
        ["stems"] = new("stems", "has_stems = 1"),
        ["weight"] = new("weight"),
        ["total"] = new("total"),
        ["delivery_date"] = SqlColumn.Text("delivery_date"),
        ["create_time"] = new("create_time"),
        ["delay"] = new("delay"),
        ["gift"] = new("gift"),
        ["state"] = new("state"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly DateTimeOffset Noon = new(2026, 2, 14, 12, 0, 0, TimeSpan.Zero);

    private static readonly ImmutableArray<Row> Rows =
    [
        new(1, "Anna", ["red", "roses"], 3, 1.25m, 1999, new(2026, 2, 14), Noon, TimeSpan.FromSeconds(20), true),
        new(2, "anna", ["red roses"], 0, -1.25m, -1, new(2026, 2, 13), Noon.AddMilliseconds(1), TimeSpan.Zero, false),
        new(3, "ANNA_%*?[a]\\", [], null, 0, 0, null, Noon.AddTicks(-10_000), TimeSpan.FromTicks(1), true),
        new(4, "", ["ed"], long.MaxValue, 9_223_372_036_854_775.807m, long.MaxValue, new(1, 1, 1), Noon.AddYears(9), TimeSpan.MaxValue, false),
        new(5, "Zoë", ["r", "ros"], long.MinValue, -0.001m, long.MinValue, new(9999, 12, 31), Noon.AddYears(-99), TimeSpan.MinValue, false),
        new(6, "🌹", ["🌹", "é"], -1, 1.249m, 2000, new(2026, 2, 14), Noon, TimeSpan.FromMilliseconds(1500), true),
        new(7, "\uFFFDé", ["RED"], 1, 1.251m, 1, new(2026, 10, 1), Noon, TimeSpan.FromSeconds(-1.5), false),
    ];

    private static readonly Gen<string> Comparisons = Gen.OneOf(
        from op in Gen.Elements("=", "!=", "<", "<=", ">", ">=")
        from text in Gen.Elements("Anna", "anna", "B", "a", "Zoë", "🌹", "\uFFFDé", "ANNA_%\\*?[a]\\\\")
        select $"name {op} \"{text}\"",
        from op in Gen.Elements("=", "!=")
        from parts in Gen.NonEmptyListOf(Gen.Elements("*", "A", "a", "n", "N", "_", "%", "\\*", "?", "[", "]", "\\\\", "ë", "🌹", "é"))
        where parts.Count(part => part == "*") is > 0 and <= 4
        select $"name {op} \"{string.Concat(parts)}\"",
        from tag in Gen.Elements("red", "RED", "r", "ed", "roses", "red roses", "🌹", "é", "e")
        select $"tags:\"{tag}\"",
        from op in Gen.Elements("=", "!=", "<", "<=", ">", ">=")
        from number in Gen.Elements("-1", "0", "1", "3", "9223372036854775807", "-9223372036854775808")
        select $"stems {op} {number}",
        from op in Gen.Elements("=", "!=", "<", "<=", ">", ">=")
        from number in Gen.Elements("1.25", "-1.25", "0", "1.249", "1.2", "9223372036854775.807", "9999999999999999.5", "-9999999999999999.5")
        select $"weight {op} {number}",
        from op in Gen.Elements("=", "!=", "<", "<=", ">", ">=")
        from amount in Gen.Elements("19.99", "20", "0.01", "0", "-0.01")
        select $"total {op} {amount}",
        from op in Gen.Elements("=", "!=", "<", "<=", ">", ">=")
        from day in Gen.Elements("2026-02-14", "2026-02-13", "0001-01-01", "9999-12-31", "2026-10-01")
        select $"delivery_date {op} {day}",
        from op in Gen.Elements("=", "!=", "<", "<=", ">", ">=")
        from time in Gen.Elements("12:00:00Z", "12:00:00.001Z", "12:00:00.0005Z", "11:59:59.9995Z", "14:00:00+02:00")
        select $"create_time {op} \"2026-02-14T{time}\"",
        from op in Gen.Elements("=", "!=", "<", "<=", ">", ">=")
        from length in Gen.Elements("20s", "0s", "1.5s", "-1.5s", "0.0000001s")
        select $"delay {op} {length}",
        from op in Gen.Elements("=", "!=")
        from flag in Gen.Elements("true", "false")
        select $"gift {op} {flag}",
        from op in Gen.Elements("=", "!=")
        from name in Gen.Elements("PENDING", "DELIVERED")
        select $"state {op} {name}",
        Gen.Elements("name:*", "tags:*", "stems:*", "delivery_date:*", "gift:*"));

    private static readonly Gen<string> Filters =
        from one in Comparisons
        from two in Comparisons
        from three in Comparisons
        from shape in Gen.Elements("{0}", "NOT {0}", "{0} AND {1}", "{0} OR {1}", "NOT ({0} AND {1}) OR {2}", "{0} AND NOT {1} AND -{2}")
        select string.Format(CultureInfo.InvariantCulture, shape, one, two, three);

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task A_database_finds_what_the_evaluator_finds(Engine engine)
    {
        using TestDatabase db = await TestDatabase.Open(engine);
        await Task.WhenAll(Rows.Select(row => Insert(db, row)));
        int found = 0;
        foreach (string text in Filters.Sample(Runs))
        {
            FilterExpression filter = FilterSamples.Parse(Schema, text);
            SqlValues values = new(db.Sql.Dialect);
            string condition = FilterSql.Condition(filter, Columns, values);
            ImmutableArray<long> ids = await db.Sql.Read(
                $"SELECT id FROM filter_probe WHERE {condition} ORDER BY id",
                values.All(),
                row => row.GetInt64(0),
                TestContext.Current.CancellationToken);

            IEnumerable<long> expected = Rows.Where(row => filter.Matches(row.Held)).Select(row => row.Id);
            Assert.Equal((text, string.Join(',', expected)), (text, string.Join(',', ids)));
            found += ids.Length;
        }

        Assert.InRange(found, Runs / 2, Runs * Rows.Length);
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Texts_are_ordered_as_the_evaluator_compares_them(Engine engine)
    {
        using TestDatabase db = await TestDatabase.Open(engine);
        await Task.WhenAll(Rows.Select(row => Insert(db, row)));

        ImmutableArray<string> names = await db.Sql.Read(
            "SELECT name FROM filter_probe ORDER BY name", [], row => row.GetString(0), default);

        Assert.Equal(["", "ANNA_%*?[a]\\", "Anna", "Zoë", "anna", "\uFFFDé", "🌹"], names);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\u001Fb")]
    [InlineData("\n")]
    public void A_member_of_a_set_that_could_be_mistaken_for_two_is_refused(string member) =>
        Assert.Throws<ArgumentException>(() => RowValue.OfSet([member]));

    [Fact]
    public void What_64_bits_do_not_hold_is_no_number()
    {
        Assert.Equal(9_223_372_036_854_775_807, RowValue.OfDecimal(9_223_372_036_854_775.807m, 3).Number);
        Assert.Null(RowValue.OfDecimal(9_223_372_036_854_775.808m, 3).Number);
        Assert.Null(RowValue.OfDecimal(decimal.MinValue, 18).Number);
    }

    private static Task<int> Insert(TestDatabase db, Row row)
    {
        object[] values =
        [
            row.Id, row.Name, RowValue.OfSet(row.Tags).Text ?? "", row.Stems ?? 0, row.Stems is null ? 0L : 1L,
            RowValue.OfDecimal(row.Weight, 3).Number ?? 0, row.Total,
            row.Day is { } day ? day : "", row.At, row.Delay.Ticks, row.Gift, row.State,
        ];
        string places = string.Join(", ", Enumerable.Range(1, values.Length).Select(i => $"${i}"));
        return db.Sql.Change("rows", $"INSERT INTO filter_probe VALUES ({places})", values);
    }

    private sealed record Row(
        long Id,
        string Name,
        ImmutableArray<string> Tags,
        long? Stems,
        decimal Weight,
        long Total,
        DateOnly? Day,
        DateTimeOffset At,
        TimeSpan Delay,
        bool Gift)
    {
        public string State => Gift ? "PENDING" : "DELIVERED";

        public FilterValue? Held(FilterField field) => field.Path switch
        {
            "name" => Name.Length == 0 ? null : new FilterValue.Text(Name),
            "tags" => new FilterValue.TextSet(Tags),
            "stems" => Stems is { } stems ? new FilterValue.Integer(stems) : null,
            "weight" => new FilterValue.Decimal(Weight),
            "total" => new FilterValue.Money(Total),
            "delivery_date" => Day is { } day ? new FilterValue.Date(day) : null,
            "create_time" => new FilterValue.Timestamp(At),
            "delay" => new FilterValue.Duration(Delay),
            "gift" => new FilterValue.Boolean(Gift),
            "state" => new FilterValue.Enum(State),
            _ => throw new ArgumentException(field.Path, nameof(field)),
        };
    }
}
