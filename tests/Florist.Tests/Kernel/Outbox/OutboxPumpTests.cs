using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Tests.Kernel.Engine;
using Florist.Tests.Kernel.Wake;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Florist.Tests.Kernel.Outbox;

public sealed class OutboxPumpTests
{
    private readonly ProbeHandler handler = new();

    [Fact]
    public async Task A_message_is_handed_over_once_and_its_row_goes()
    {
        await using TestShop shop = await Start();
        await Send(shop, "m");

        Assert.Equal(1, await shop.RunDue());
        Assert.Equal(0, await shop.RunDue());

        Assert.Equal(["m"], handler.Handled);
        Assert.Equal(0, await Rows(shop));
    }

    [Fact]
    public async Task A_committed_message_survives_a_crash_before_it_is_handled()
    {
        await using TestShop shop = await Start();
        await Send(shop, "m");
        await shop.Restart(crash: true);

        await shop.RunDue();

        Assert.Equal(["m"], handler.Handled);
    }

    [Fact]
    public async Task A_crash_after_handling_and_before_its_record_hands_the_message_over_again()
    {
        await using TestShop shop = await Start();
        await Send(shop, "m");
        handler.Answer = (_, _) =>
        {
            shop.Get<SqliteDatabase>().Abandon();
            return Task.FromResult(OutboxResult.Done);
        };
        await Assert.ThrowsAsync<InvalidOperationException>(shop.RunDue);

        handler.Answer = (_, _) => Task.FromResult(OutboxResult.Done);
        await shop.Restart(crash: true);
        await shop.RunDue();

        Assert.Equal(["m", "m"], handler.Handled);
        Assert.Equal(0, await Rows(shop));
    }

    [Fact]
    public async Task All_handlers_of_a_topic_are_called_and_all_again_until_every_one_is_done()
    {
        ProbeHandler other = new();
        await using TestShop shop = await Start(other);
        bool ready = false;
        other.Answer = (_, _) => Task.FromResult(ready ? OutboxResult.Done : OutboxResult.Retry("not ready"));
        await Send(shop, "m");
        await shop.RunDue();
        Assert.Equal(1, await Rows(shop));

        ready = true;
        await shop.RunUntil(shop.Time.GetUtcNow().AddMinutes(1));

        Assert.Equal(["m", "m"], handler.Handled);
        Assert.Equal(["m", "m"], other.Handled);
        Assert.Equal(0, await Rows(shop));
    }

    [Fact]
    public async Task A_topic_that_nothing_handles_is_parked_with_the_reason_and_holds_up_nobody()
    {
        await using TestShop shop = await Start();
        await Send(shop, "lost", topic: "nobody.listens");
        await Send(shop, "m", grain: "b");

        await shop.RunUntil(shop.Time.GetUtcNow().AddDays(1));

        Assert.Equal(["m"], handler.Handled);
        Assert.Equal(1, await Number(shop, """
            SELECT COUNT(*) FROM outbox WHERE key = 'lost' AND parked = 1 AND reason = 'nothing handles this topic'
            """));
        Assert.Null(await shop.Get<IEngineDriver>().NextDue(default));
    }

    [Fact]
    public async Task An_event_that_nobody_subscribes_to_goes_without_a_trace()
    {
        await using TestShop shop = await TestShop.Start(services => services
            .AddSingleton<ProbeFailures>()
            .AddSingleton(new EventTopic("probe.happened")));
        await Send(shop, "m", topic: "probe.happened");

        Assert.Equal(1, await shop.RunDue());

        Assert.Equal(0, await Rows(shop));
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public async Task A_message_is_handled_before_it_expires_and_recorded_as_expired_from_then_on(int ms, bool expired)
    {
        await using TestShop shop = await Start();
        DateTimeOffset expiresAt = shop.Time.GetUtcNow().AddHours(1);
        await Insert(shop, "m", notBefore: null, expiresAt);

        shop.Time.Set(expiresAt.AddMilliseconds(ms));
        await shop.RunDue();

        Assert.Equal(expired ? [] : ["m"], handler.Handled);
        Assert.Equal(expired ? ["m"] : [], handler.ExpiredKeys);
        Assert.Equal(0, await Rows(shop));
    }

    [Fact]
    public async Task A_message_for_later_waits_for_its_time()
    {
        await using TestShop shop = await Start();
        DateTimeOffset at = shop.Time.GetUtcNow().AddHours(1);
        await Insert(shop, "m", notBefore: at, expiresAt: null);

        await shop.RunUntil(at.AddMilliseconds(-1));
        Assert.Empty(handler.Handled);
        await shop.RunUntil(at);
        Assert.Equal(["m"], handler.Handled);
    }

    [Fact]
    public async Task A_handler_that_always_throws_gets_its_message_parked_with_the_kind_of_error_alone()
    {
        await using TestShop shop = await Start(attemptsMax: 3);
        handler.Answer = (_, _) => throw new InvalidOperationException("about jane@example.com");
        await Send(shop, "m");

        await shop.RunUntil(shop.Time.GetUtcNow().AddDays(1));

        Assert.Equal(["m", "m", "m"], handler.Handled);
        Assert.Equal(1, await Number(shop, """
            SELECT COUNT(*) FROM outbox WHERE parked = 1 AND attempts = 3 AND reason = 'InvalidOperationException'
            """));
    }

    [Fact]
    public async Task Not_yet_never_parks_and_with_a_wait_of_its_own_it_is_no_attempt()
    {
        await using TestShop shop = await Start(attemptsMax: 2);
        DateTimeOffset start = shop.Time.GetUtcNow();
        handler.Answer = (_, _) => Task.FromResult(OutboxResult.Retry("no permit", TimeSpan.FromMinutes(1)));
        await Send(shop, "m");

        await shop.RunUntil(start.AddMinutes(9.5));

        Assert.Equal(10, handler.Handled.Count);
        Assert.Equal(1, await Number(
            shop, "SELECT COUNT(*) FROM outbox WHERE parked = 0 AND attempts = 0 AND reason = 'no permit'"));
    }

    [Fact]
    public async Task A_wait_of_nothing_does_not_make_an_endless_loop()
    {
        await using TestShop shop = await Start();
        handler.Answer = (_, _) => Task.FromResult(OutboxResult.Retry("again", TimeSpan.Zero));
        await Send(shop, "m");

        Assert.Equal(1, await shop.RunDue());
    }

    [Fact]
    public async Task A_handler_past_its_deadline_is_told_to_stop_and_tried_again_later()
    {
        await using TestShop shop = await TestShop.Start(services => services
            .AddSingleton<ProbeFailures>()
            .AddSingleton<IOutboxHandler>(handler)
            .Configure<EngineOptions>(options => options.HandleMsMax = 100));
        handler.Answer = async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return OutboxResult.Done;
        };
        await Send(shop, "m");

        await shop.RunDue();

        Assert.Equal(1, await Number(shop, "SELECT attempts FROM outbox"));
    }

    [Fact]
    public async Task The_pump_hands_over_by_itself_soon_after_the_commit()
    {
        await using TestShop shop = await TestShop.Start(services => services
            .AddSingleton<ProbeFailures>()
            .AddSingleton<IOutboxHandler>(handler)
            .Configure<EngineOptions>(options =>
            {
                options.Background = true;
                options.PollMsMin = 60_000;
                options.PollMsMax = 60_000;
            }));
        for (int i = 0; i < 20; i++)
        {
            await Send(shop, $"m{i}", grain: $"g{i}");
        }

        await WakeServiceTests.Until(async () => await Rows(shop) == 0);
        Assert.Equal(20, handler.Handled.Distinct().Count());
    }

    [Fact]
    public async Task A_topic_that_may_not_go_yet_holds_up_no_other_of_its_class()
    {
        Gate gate = new();
        ProbeHandler paced = new("probe.paced") { Pace = gate };
        await using TestShop shop = await Start(paced);
        for (int i = 0; i < 20; i++)
        {
            await Send(shop, $"p{i}", topic: "probe.paced");
        }

        await Send(shop, "free");
        await shop.RunDue();
        Assert.Equal(["free"], handler.Handled);
        Assert.Empty(paced.Handled);
        Assert.Equal(Gate.Opens, await shop.Get<IEngineDriver>().NextDue(default));

        gate.Tokens = 3;
        await shop.RunDue();
        Assert.Equal(["p0", "p1", "p2"], paced.Handled);
        Assert.Equal(17, await Rows(shop));
    }

    [Fact]
    public async Task What_is_expired_needs_no_leave_to_be_recorded()
    {
        Gate gate = new();
        ProbeHandler paced = new("probe.paced") { Pace = gate };
        await using TestShop shop = await Start(paced);
        await Send(shop, "p", topic: "probe.paced");
        await shop.Get<SqliteDatabase>().Writer.Run(
            0, session => session.Execute("UPDATE outbox SET expires_at = not_before"));
        gate.Tokens = 1;
        gate.IsClosed = true;

        await shop.RunDue();

        Assert.Equal(["p"], paced.ExpiredKeys);
        Assert.Equal(1, gate.Tokens);
    }

    [Fact]
    public async Task Operators_find_parked_messages_with_the_reason_and_can_have_one_tried_again()
    {
        await using TestShop shop = await Start(attemptsMax: 1);
        handler.Answer = (_, _) => throw new TimeoutException();
        await Send(shop, "m");
        await shop.RunDue();
        IOutboxTable table = shop.Get<IOutboxTable>();
        ParkedMessage parked = (await table.Parked(null, 10, default)).Single();
        Assert.Equal(("m", 1, nameof(TimeoutException)), (parked.Message.Key, parked.Attempts, parked.Reason));
        Assert.Empty(await table.Parked("m", 10, default));

        handler.Answer = (_, _) => Task.FromResult(OutboxResult.Done);
        Assert.True(await table.Retry("m"));
        Assert.False(await table.Retry("m"));
        await shop.RunDue();

        Assert.Equal(0, await Rows(shop));
    }

    private static Task Send(TestShop shop, string key, string grain = "a", string topic = ProbeHandler.TopicName) =>
        shop.Grain<IProbeGrain>(grain).Set(new ProbeCommand { SendKey = key, SendTopic = topic });

    private static Task<int> Insert(
        TestShop shop, string key, DateTimeOffset? notBefore, DateTimeOffset? expiresAt) =>
        shop.Get<SqliteDatabase>().Writer.Run(0, session => session.Execute(
            """
            INSERT INTO outbox (key, topic, body, class, not_before, expires_at, created_at)
            VALUES ($1, $2, '{}', 1, $3, $4, $5)
            """,
            key,
            ProbeHandler.TopicName,
            notBefore ?? shop.Time.GetUtcNow(),
            expiresAt,
            shop.Time.GetUtcNow()));

    private static Task<long?> Rows(TestShop shop) => Number(shop, "SELECT COUNT(*) FROM outbox");

    private static Task<long?> Number(TestShop shop, string sql) =>
        shop.Get<SqlQueries>().Number(sql, [], CancellationToken.None);

    private Task<TestShop> Start(ProbeHandler? other = null, int attemptsMax = 20) => TestShop.Start(services =>
    {
        services.AddSingleton<ProbeFailures>();
        services.AddSingleton<IOutboxHandler>(handler);
        if (other is not null)
        {
            services.AddSingleton<IOutboxHandler>(other);
        }

        services.Configure<EngineOptions>(options => options.AttemptsMax = attemptsMax);
    });

    /// <summary>Lets through as many as it was given tokens.</summary>
    private sealed class Gate : IOutboxPace
    {
        public static readonly DateTimeOffset Opens = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public int Tokens { get; set; }

        /// <summary>Looks open, but takes no token.</summary>
        public bool IsClosed { get; set; }

        public DateTimeOffset OpensAt(OutboxClass @class) => Tokens > 0 ? DateTimeOffset.MinValue : Opens;

        public bool TryTake(OutboxClass @class)
        {
            if (Tokens == 0 || IsClosed)
            {
                return false;
            }

            Tokens--;
            return true;
        }
    }
}
