using System.Collections.Immutable;
using System.Globalization;
using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Orders;
using Florist.Tests.Adapters.Sql;
using Florist.Tests.Orders;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Database = Florist.Tests.Adapters.Sql.Engine;

namespace Florist.Tests.Kernel.Retention;

/// <summary>What is old goes, page by page, and what is not stays.</summary>
public sealed class RetentionPassGrainTests
{
    private readonly ProbeKeeping keeping = new();

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task A_pass_takes_the_old_rows_away_and_makes_others_poorer_in_pages(Database engine)
    {
        using TestPlace place = await TestPlace.New(engine);
        await using TestShop shop = await Start(engine, place);
        for (int i = 0; i < 7; i++)
        {
            await Row(shop, $"g/{i % 3}", "probe", $"r{i}", i < 4 ? "old" : "rich");
            await Row(shop, $"g/{i % 3}", "other", $"r{i}", "old");
        }

        await Pass(shop);

        Assert.Equal(
            ["other old", "probe poor"],
            (await Rows(shop)).Select(row => $"{row.Kind} {row.Body}").Distinct().Order());
        Assert.Equal(3, (await Rows(shop)).Count(row => row.Kind == "probe"));
        Assert.Equal(7, (await Rows(shop)).Count(row => row.Kind == "other"));
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task Rejected_reports_and_operators_actions_go_when_their_days_are_over(Database engine)
    {
        using TestPlace place = await TestPlace.New(engine);
        await using TestShop shop = await Start(engine, place);
        for (int i = 0; i < 5; i++)
        {
            await Aged(shop, i, shop.Time.GetUtcNow().AddDays(-i * 1000));
        }

        await Pass(shop);

        Assert.Equal(1, await Count(shop, "courier_rejected_update"));
        Assert.Equal(1, await Count(shop, "operator_action"));
    }

    [Fact]
    public async Task Answers_to_request_ids_stay_for_their_days_and_then_go()
    {
        await using TestShop shop = await Start();
        Effects effects = Effects.None;
        Answered.None.Remember("id", "command", "answer", shop.Time.GetUtcNow(), ref effects);
        string body = effects.Rows[0].Values[0].Value.Text ?? "";
        await Row(shop, "g/1", "answered", "id", body);

        shop.Time.Set(shop.Time.GetUtcNow().AddDays(6));
        await Pass(shop);
        Assert.Single(await Rows(shop));

        await shop.RunUntil(shop.Time.GetUtcNow().AddDays(2));
        Assert.Empty(await Rows(shop));
    }

    [Fact]
    public async Task A_crash_in_the_middle_costs_no_more_than_a_page()
    {
        await using TestShop shop = await Start();
        for (int i = 0; i < 9; i++)
        {
            await Row(shop, "g/1", "probe", $"r{i}", "old");
        }

        await shop.Grain<IRetentionPassGrain>(IRetentionPassGrain.Key).Begin();
        await shop.RunUntil(shop.Time.GetUtcNow().AddSeconds(3));
        Assert.InRange((await Rows(shop)).Length, 1, 8);
        await shop.Restart(crash: true);
        await shop.RunUntil(shop.Time.GetUtcNow().AddMinutes(1));

        Assert.Empty(await Rows(shop));
        Assert.Single(shop.Log.Entries, entry => entry.Id == 118);
    }

    [Fact]
    public async Task What_was_changed_since_it_was_read_stays()
    {
        await using TestShop shop = await Start();
        await Row(shop, "g/1", "probe", "r", "old");
        IRowSweep sweep = shop.Get<IRowSweep>();
        SweptRow read = Assert.Single(await sweep.Read(null, 10, default));
        await shop.Get<ISqlDatabase>().Change("g/1", "UPDATE grain_row SET body = $1 WHERE owner = $2", "new", "g/1");

        Assert.False(await sweep.Settle(read, RowFate.Gone));
        Assert.False(await sweep.Settle(read, RowFate.Becomes("poor")));
        Assert.Equal("new", Assert.Single(await Rows(shop)).Body);
    }

    [Fact]
    public async Task Switched_off_it_takes_nothing_away()
    {
        await using TestShop shop = await Start(more: services =>
            services.Configure<RetentionOptions>(options => options.Enabled = false));
        await Row(shop, "g/1", "probe", "r", "old");

        await Pass(shop);

        Assert.Single(await Rows(shop));
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task An_order_forgets_the_recipients_number_thirty_days_after_its_delivery_and_nothing_else(
        Database engine)
    {
        using TestPlace place = await TestPlace.New(engine);
        await using TestShop shop = await OrderShop.Start(
            services => services.AddRetention(), engine == Database.Postgres ? place.At : null);
        OrderContext parties = OrderSamples.Parties with
        {
            Contact = OrderSamples.Parties.Contact with { Phone = "+447700900009" },
        };
        (await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1") with { Context = parties })).OrThrow();
        OrderRecord before = await shop.Order("o1");
        Assert.NotNull(before.Contact.Phone);
        DateTimeOffset delivered = new(before.Draft.DeliveryOn, TimeOnly.MinValue, TimeSpan.Zero);
        IRetentionSource phones = shop.Services.GetServices<IRetentionSource>()
            .Single(source => source.Name == "recipient-phones");

        RetentionPage early = await phones.Page(null, delivered.AddDays(30), default);
        Assert.Equal(new RetentionPage(null, true, 0), early);
        Assert.Equal(before.Contact.Phone, (await shop.Order("o1")).Contact.Phone);
        RetentionPage due = await phones.Page(early.At, delivered.AddDays(31), default);
        RetentionPage later = await phones.Page(due.At, delivered.AddDays(40), default);

        OrderRecord after = await shop.Order("o1");
        Assert.Equal((1, 0), (due.Removed, later.Removed));
        Assert.Equal(due.At, later.At);
        Assert.Equal(FloristJson.Write(before.Contact with { Phone = null }), FloristJson.Write(after.Contact));
        Assert.Null(after.Draft.Contact?.Phone);
        Assert.Equal(FloristJson.Write(before.Terms), FloristJson.Write(after.Terms));
        Page<OrderRecord> listed = await shop.Get<IOrderQueries>().List(
            null, IOrderQueries.Filterable.Parse("").OrThrow(), new PageRequest(10, null), default);
        Assert.Null(Assert.Single(listed.Items).Contact.Phone);
    }

    [Fact]
    public void Texts_are_not_kept_longer_than_their_messages() => Assert.True(new RetentionOptionsConsistency()
        .Validate(null, new RetentionOptions { MessageTextsDays = 100, MessagesDays = 99 }).Failed);

    private static async Task Pass(TestShop shop)
    {
        await shop.Grain<IRetentionPassGrain>(IRetentionPassGrain.Key).Begin();
        await shop.RunUntil(shop.Time.GetUtcNow().AddMinutes(2));
        Assert.Contains(shop.Log.Entries, entry => entry.Id == 118);
    }

    private static Task<int> Row(TestShop shop, string owner, string kind, string id, string body) =>
        shop.Get<ISqlDatabase>().Change(
            owner, "INSERT INTO grain_row (owner, kind, id, body) VALUES ($1, $2, $3, $4)", owner, kind, id, body);

    private static async Task Aged(TestShop shop, int number, DateTimeOffset at)
    {
        ISqlDatabase database = shop.Get<ISqlDatabase>();
        await database.Change(
            "aged",
            """
            INSERT INTO courier_rejected_update (courier_id, producer_id, number, received_at, body)
            VALUES ($1, $2, $3, $4, $5)
            """,
            "velo",
            "van",
            number,
            at,
            "{}");
        await database.Change(
            "aged",
            """
            INSERT INTO operator_action (action_id, at, actor, verb, subject, reason, done, item_count)
            VALUES ($1, $2, 'staff:kim', 'V', 's', 'r', 1, 1)
            """,
            $"a{number}",
            at);
    }

    private static async Task<ImmutableArray<(string Kind, string Body)>> Rows(TestShop shop) =>
        await shop.Get<ISqlDatabase>().Read(
            "SELECT kind, body FROM grain_row WHERE owner LIKE 'g/%'",
            [],
            row => (row.GetString(0), row.GetString(1)),
            CancellationToken.None);

    private static async Task<long?> Count(TestShop shop, string table) => await shop.Get<SqlQueries>().Number(
        string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) FROM {table}"), [], CancellationToken.None);

    private async Task<TestShop> Start(
        Database engine = Database.Sqlite, TestPlace? place = null, Action<IServiceCollection>? more = null)
    {
        TestShop shop = await TestShop.Start(
            services =>
            {
                services.AddRetention();
                services.AddSingleton<IRowKeeping>(keeping);
                services.Configure<RetentionOptions>(options => options.PageRows = 3);
                more?.Invoke(services);
            },
            engine == Database.Postgres ? place?.At : null);
        return shop;
    }

    /// <summary>Old rows go, rich ones become poor.</summary>
    private sealed class ProbeKeeping : IRowKeeping
    {
        public string Kind => "probe";

        public RowFate FateOf(string body, DateTimeOffset now) => body switch
        {
            "old" => RowFate.Gone,
            "rich" => RowFate.Becomes("poor"),
            _ => RowFate.Kept,
        };
    }
}
