using System.Collections.Immutable;
using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Operations;
using Florist.Tests.Adapters.Sql;
using Florist.Tests.Kernel.Engine;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Florist.Tests.Operations;

public sealed class ParkedItemsGrainTests
{
    private static readonly OperatorOrder Kim = new(null, "staff:kim", "the cause is gone");

    private readonly DroppingHandler handler = new();

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task What_is_parked_is_listed_with_why_and_since_when_the_longest_waiting_first(Engine engine)
    {
        using TestPlace place = await TestPlace.New(engine);
        await using TestShop shop = await WithParked(engine, place);
        await Reject(shop, 7);

        ImmutableArray<ParkedItem> all = await All(shop, "");

        Assert.Equal(
            [
                (ParkedSource.Message, "m1", "probe.said", nameof(TimeoutException), 1),
                (ParkedSource.Message, "m2", "probe.said", nameof(TimeoutException), 1),
                (ParkedSource.Wake, "probe/bad", "probe/bad", nameof(InvalidOperationException), 1),
                (ParkedSource.Report, "velo/van/1/7", "velo", "REJECTED", 1),
            ],
            all.Select(item => (item.Source, item.Key, item.Subject, item.Reason, item.Attempts)));
        Assert.All(all.Take(3), item => Assert.Equal(shop.Time.GetUtcNow(), item.ParkedAt));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task A_listing_is_filtered_and_goes_on_behind_its_last_item(Engine engine)
    {
        using TestPlace place = await TestPlace.New(engine);
        await using TestShop shop = await WithParked(engine, place);
        IParkedItems items = shop.Get<IParkedItems>();
        FilterExpression some = IParkedItems.Filters.Parse("source = MESSAGE OR attempt_count > 5").OrThrow();

        Page<ParkedItem> first = await items.List(some, new PageRequest(1, null), default);
        Page<ParkedItem> second = await items.List(some, new PageRequest(1, first.Next), default);

        Assert.Equal(["m1", "m2"], [first.Items.Single().Key, second.Items.Single().Key]);
        Assert.Null(second.Next);
        Assert.Equal(
            [(ParkedSource.Message, 2L), (ParkedSource.Wake, 1L)],
            (await items.Counts(default)).Select(count => (count.Source, count.Count)));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task An_order_to_retry_sets_wake_ups_and_messages_going_and_leaves_reports_alone(Engine engine)
    {
        using TestPlace place = await TestPlace.New(engine);
        await using TestShop shop = await WithParked(engine, place);
        await Reject(shop, 7);
        handler.Answer = OutboxResult.Done;

        HandledItems handled = await Handle(shop, ParkedVerb.Retry, filter: "");
        await shop.RunDue();

        Assert.Equal(new HandledItems(3, false), handled);
        Assert.Equal([ParkedSource.Report], (await All(shop, "")).Select(item => item.Source));
        Assert.Equal(1, (await shop.Grain<IProbeGrain>("bad").Get()).Wakes);
        Assert.Equal(["m1", "m1", "m2", "m2"], handler.Handled.Order());
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task An_order_to_drop_tells_whoever_would_have_handled_it_and_spares_wake_ups(Engine engine)
    {
        using TestPlace place = await TestPlace.New(engine);
        await using TestShop shop = await WithParked(engine, place);
        await Reject(shop, 7);
        await Reject(shop, 8);

        HandledItems handled = await Handle(shop, ParkedVerb.Drop, filter: "key != \"velo/van/1/8\"");

        Assert.Equal(new HandledItems(3, false), handled);
        Assert.Equal(["m1", "m2"], handler.DroppedKeys.Order());
        Assert.Equal(["probe/bad", "velo/van/1/8"], (await All(shop, "")).Select(item => item.Key));
    }

    [Fact]
    public async Task An_order_is_on_record_with_who_when_what_and_why()
    {
        await using TestShop shop = await WithParked();
        await Handle(shop, ParkedVerb.Retry, filter: "source = WAKE");

        OperatorAction action = Assert.Single((await shop.Get<IOperatorActions>().List(
            IOperatorActions.Filters.Parse("actor = \"staff:kim\"").OrThrow(), new PageRequest(10, null), default)).Items);

        Assert.Equal(
            ("staff:kim", "RETRY_PARKED", "source = WAKE", "the cause is gone", true, 1, shop.Time.GetUtcNow()),
            (action.Actor, action.Verb, action.Subject, action.Reason, action.Completed, action.ItemCount, action.At));
    }

    [Fact]
    public async Task An_order_that_a_crash_broke_off_is_on_record_as_begun()
    {
        await using TestShop shop = await WithParked();
        handler.Dropping = () => shop.Get<SqliteDatabase>().Abandon();
        await Assert.ThrowsAnyAsync<Exception>(() => Handle(shop, ParkedVerb.Drop, filter: "source = MESSAGE"));
        handler.Dropping = () => { };
        await shop.Restart(crash: true);

        OperatorAction action = Assert.Single((await shop.Get<IOperatorActions>().List(
            IOperatorActions.Filters.Parse("").OrThrow(), new PageRequest(10, null), default)).Items);

        Assert.False(action.Completed);
        Assert.Equal(new HandledItems(2, false), await Handle(shop, ParkedVerb.Drop, filter: "source = MESSAGE"));
    }

    [Fact]
    public async Task A_dry_run_counts_and_changes_nothing()
    {
        await using TestShop shop = await WithParked();

        HandledItems counted = await Handle(shop, ParkedVerb.Drop, filter: "source = MESSAGE", validateOnly: true);

        Assert.Equal(new HandledItems(2, false), counted);
        Assert.Equal(3, (await All(shop, "")).Length);
        Assert.Empty(handler.DroppedKeys);
    }

    [Fact]
    public async Task A_repeat_of_an_order_gets_the_same_answer_and_has_no_second_effect()
    {
        await using TestShop shop = await WithParked();
        OperatorOrder order = Kim with { RequestId = "8f14e45f-ceea-467f-a0e6-0242ac120002" };
        HandleParked command = new(order, ParkedVerb.Retry, [], "source = MESSAGE", null, false);

        HandledItems first = (await Desk(shop).Handle(command)).OrThrow();
        await shop.RunDue();
        await shop.Restart();
        HandledItems second = (await Desk(shop).Handle(command)).OrThrow();
        Outcome<HandledItems> other = await Desk(shop).Handle(command with { Filter = "source = WAKE" });

        Assert.Equal(new HandledItems(2, false), first);
        Assert.Equal(first, second);
        Assert.Equal(2, (await All(shop, "source = MESSAGE")).Length);
        Assert.Equal("REQUEST_ID_REUSED", other.Fault?.Reason);
    }

    [Theory]
    [InlineData(ParkedSource.Message, "m1", ParkedVerb.Retry, "\"9-9\"", "ETAG_MISMATCH")]
    [InlineData(ParkedSource.Message, "m9", ParkedVerb.Retry, null, "NOT_FOUND")]
    [InlineData(ParkedSource.Wake, "probe/bad", ParkedVerb.Drop, null, "NOT_DROPPABLE")]
    [InlineData(ParkedSource.Report, "velo/van/1/7", ParkedVerb.Retry, null, "NOT_RETRIABLE")]
    public async Task A_named_item_that_is_not_as_named_refuses_the_whole_order(
        ParkedSource source, string key, ParkedVerb verb, string? etag, string reason)
    {
        await using TestShop shop = await WithParked();
        await Reject(shop, 7);

        Outcome<HandledItems> refused = await Desk(shop).Handle(
            new HandleParked(Kim, verb, [new ParkedId(source, key)], null, etag, false));

        Assert.Equal(reason, refused.Fault?.Reason);
        Assert.Equal(4, (await All(shop, "")).Length);
    }

    [Fact]
    public async Task A_named_item_with_its_etag_is_retried_alone()
    {
        await using TestShop shop = await WithParked();
        ParkedItem item = (await All(shop, "key = \"m2\"")).Single();

        HandledItems handled = (await Desk(shop).Handle(
            new HandleParked(Kim, ParkedVerb.Retry, [item.Id], null, item.Etag, false))).OrThrow();

        Assert.Equal(1, handled.Count);
        Assert.Equal(["m1", "probe/bad"], (await All(shop, "")).Select(left => left.Key));
    }

    [Fact]
    public async Task The_last_backup_is_remembered()
    {
        await using TestShop shop = await WithParked();
        Assert.Null((await Desk(shop).LastBackup()).At);

        (await Desk(shop).NoteBackup(Kim)).OrThrow();
        await shop.Restart(crash: true);

        Assert.Equal(shop.Time.GetUtcNow(), (await Desk(shop).LastBackup()).At);
    }

    private static IParkedItemsGrain Desk(TestShop shop) => shop.Grain<IParkedItemsGrain>(IParkedItemsGrain.Key);

    private static async Task<HandledItems> Handle(
        TestShop shop, ParkedVerb verb, string filter, bool validateOnly = false) =>
        (await Desk(shop).Handle(new HandleParked(Kim, verb, [], filter, null, validateOnly))).OrThrow();

    private static async Task<ImmutableArray<ParkedItem>> All(TestShop shop, string filter) =>
        (await shop.Get<IParkedItems>().List(
            IParkedItems.Filters.Parse(filter).OrThrow(), new PageRequest(100, null), default)).Items;

    private static Task<int> Reject(TestShop shop, int number) => shop.Get<ISqlDatabase>().Change(
        "reports",
        """
        INSERT INTO courier_rejected_update (courier_id, producer_id, number, received_at, body)
        VALUES ($1, $2, $3, $4, $5)
        """,
        "velo",
        "van/1",
        number,
        shop.Time.GetUtcNow().AddSeconds(number),
        "{}");

    private async Task<TestShop> WithParked(Engine engine = Engine.Sqlite, TestPlace? place = null)
    {
        TestShop shop = await TestShop.Start(
            services => services
                .AddSingleton<ProbeFailures>()
                .AddSingleton<IOutboxHandler>(handler)
                .Configure<EngineOptions>(options => options.AttemptsMax = 1),
            engine == Engine.Postgres ? place?.At : null);
        await shop.Grain<IProbeGrain>("a").Set(new ProbeCommand { SendKey = "m1" });
        await shop.Grain<IProbeGrain>("b").Set(new ProbeCommand { SendKey = "m2" });
        await shop.Grain<IProbeGrain>("bad").Set(new ProbeCommand { Due = shop.Time.GetUtcNow(), FailWakes = 1 });
        await shop.RunDue();
        return shop;
    }

    /// <summary>Handles messages as its answer says, and notes those that were given up.</summary>
    private sealed class DroppingHandler : IOutboxHandler
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> handled = new();
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> dropped = new();

        public string Topic => ProbeHandler.TopicName;

        public OutboxResult? Answer { get; set; }

        public Action Dropping { get; set; } = () => { };

        public IReadOnlyCollection<string> Handled => handled;

        public IReadOnlyCollection<string> DroppedKeys => dropped;

        public Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
        {
            handled.Enqueue(message.Key);
            return Answer is { } answer ? Task.FromResult(answer) : throw new TimeoutException();
        }

        public Task Dropped(OutboxMessage message, CancellationToken cancellationToken)
        {
            dropped.Enqueue(message.Key);
            Dropping();
            return Task.CompletedTask;
        }
    }
}
