using Orleans.InProcess.Tests.Testing;
using Orleans.Runtime;

namespace Orleans.InProcess.Tests;

/// <summary>Contracts 1 and 3: deadlocks time out and are named; an outcome is unknown; nothing is retried.</summary>
public sealed class CallTimeoutsTests : IAsyncDisposable
{
    private readonly GrainTestHost host = new();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private static async Task<WeakReference> CallOnce(ITurnGrain grain, CancellationToken cancellation)
    {
        Task<string> call = grain.WaitFor("1", cancellation);
        await call;
        return new WeakReference(call);
    }

    private ITurnGrain Grain(string key) => host.Grains.GetGrain<ITurnGrain>(key);

    [Fact]
    public void A_call_without_an_answer_times_out_after_thirty_seconds_and_not_before()
    {
        Task call = host.Begin(() => Grain("a").Wait("1"));

        host.Advance(TimeSpan.FromSeconds(30));
        Assert.False(call.IsCompleted);

        host.Advance(TimeSpan.FromSeconds(3));
        TimeoutException failure = Assert.Throws<TimeoutException>(() => GrainTestHost.Ended(call));
        Assert.Contains("ITurnGrain.Wait", failure.Message, StringComparison.Ordinal);
        Assert.Contains("turn/a", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_timed_out_goes_on_and_takes_effect()
    {
        Task call = host.Begin(() => Grain("a").Wait("1"));
        host.Advance(TimeSpan.FromSeconds(40));
        Assert.Throws<TimeoutException>(() => GrainTestHost.Ended(call));

        host.Probe.Open("1");
        host.Settle();
        Assert.Equal(["begin 1", "end 1"], host.Probe.Notes);
    }

    [Fact]
    public void A_call_that_timed_out_while_it_waited_never_runs()
    {
        host.Begin(() => Grain("a").Wait("1"));
        Task second = host.Begin(() => Grain("a").Wait("2"));
        host.Advance(TimeSpan.FromSeconds(40));
        Assert.Throws<TimeoutException>(() => GrainTestHost.Ended(second));

        host.Probe.Open("1");
        host.Settle();
        Assert.Equal(["begin 1", "end 1"], host.Probe.Notes);
    }

    [Fact]
    public void A_deadlock_times_out_naming_the_cycle_and_the_grains_live_on()
    {
        Task<string> call = host.Begin(() => Grain("a").Deep(["b", "c", "a"]));
        host.Advance(TimeSpan.FromSeconds(20));
        Assert.False(call.IsCompleted);

        host.Advance(TimeSpan.FromSeconds(20));
        TimeoutException failure = Assert.Throws<TimeoutException>(() => GrainTestHost.Value(call));
        Assert.Contains("turn/a → turn/b → turn/c → turn/a", failure.Message, StringComparison.Ordinal);

        foreach (string key in new[] { "a", "b", "c" })
        {
            Assert.Equal("alive", host.Run(() => Grain(key).Echo("alive")));
        }
    }

    [Fact]
    public void A_grain_that_calls_itself_deadlocks()
    {
        TimeoutException failure = Assert.Throws<TimeoutException>(() => host.Run(() => Grain("a").Deep(["a"])));
        Assert.Contains("turn/a → turn/a", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_handler_of_half_a_minute_delays_no_other_grain_and_its_own_goes_on_after_it()
    {
        Task slow = host.Begin(() => Grain("a").Wait("1"));
        host.Advance(TimeSpan.FromSeconds(29));
        DateTimeOffset before = host.Now;
        Assert.Equal("alive", host.Run(() => Grain("b").Echo("alive")));
        Assert.Equal(before, host.Now);

        host.Advance(TimeSpan.FromSeconds(10));
        Assert.Throws<TimeoutException>(() => GrainTestHost.Ended(slow));
        Task<string> next = host.Begin(() => Grain("a").Echo("alive"));
        Assert.False(next.IsCompleted);
        host.Probe.Open("1");
        host.Settle();
        Assert.Equal("alive", GrainTestHost.Value(next));
    }

    [Fact]
    public void A_slow_grain_is_not_called_a_deadlock()
    {
        Task call = host.Begin(() => Grain("a").Wait("never"));
        host.Advance(TimeSpan.FromSeconds(40));

        TimeoutException failure = Assert.Throws<TimeoutException>(() => GrainTestHost.Ended(call));
        Assert.DoesNotContain("wait for each other", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_calls_than_may_wait_are_refused_at_once()
    {
        Task[] calls =
        [
            .. Enumerable.Range(0, 1002).Select(_ => host.Begin(() => Grain("a").Wait("1"))),
        ];

        Assert.All(calls[..1001], call => Assert.False(call.IsCompleted));
        LimitExceededException failure = Assert.Throws<LimitExceededException>(
            () => GrainTestHost.Ended(calls[1001]));
        Assert.Contains("1000 calls wait for turn/a", failure.Message, StringComparison.Ordinal);

        host.Probe.Open("1");
        host.Settle();
        Assert.All(calls[..1001], GrainTestHost.Ended);
    }

    [Fact]
    public void Calls_that_interleave_count_while_they_run()
    {
        IReentrantGrain grain = host.Grains.GetGrain<IReentrantGrain>("a");
        Task[] calls =
        [
            .. Enumerable.Range(0, 1002).Select(_ => host.Begin(() => grain.Wait("1"))),
        ];

        Assert.All(calls[..1001], call => Assert.False(call.IsCompleted));
        Assert.Throws<LimitExceededException>(() => GrainTestHost.Ended(calls[1001]));
        host.Probe.Open("1");
        host.Settle();
        Assert.All(calls[..1001], GrainTestHost.Ended);
        Assert.Equal("answer", host.Run(grain.Answer));
    }

    [Fact]
    public void A_stalled_storage_keeps_a_bounded_number_of_calls_in_memory_and_all_is_well_after_it()
    {
        host.Storage.Before = operation => operation == "write" ? host.Probe.Gate("disk") : Task.CompletedTask;
        Task<int>[] calls =
        [
            .. Enumerable.Range(0, 5000).Select(_ => host.Begin(() => host.Grains.GetGrain<IPurseGrain>("p").Put(1))),
        ];
        Assert.Equal(1001, host.Host.Directory.All.Sum(a => a.Load));
        Assert.All(calls[1001..], call => Assert.Throws<LimitExceededException>(() => GrainTestHost.Value(call)));

        host.Probe.Open("disk");
        host.Settle();
        Assert.Equal(Enumerable.Range(1, 1001), calls[..1001].Select(GrainTestHost.Value));
        Assert.Equal(1002, host.Run(() => host.Grains.GetGrain<IPurseGrain>("p").Put(1)));
    }

    [Fact]
    public void A_cancelled_caller_stops_waiting_at_once_and_the_method_is_told()
    {
        using CancellationTokenSource cancel = new();
        Task<string> call = host.Begin(() => Grain("a").WaitFor("1", cancel.Token));

        cancel.Cancel();
        host.Settle();

        Assert.True(call.IsCanceled);
        Assert.Equal(["begin 1", "cancelled 1"], host.Probe.Notes);
    }

    [Fact]
    public void A_call_cancelled_while_it_waits_never_runs()
    {
        using CancellationTokenSource cancel = new();
        host.Begin(() => Grain("a").Wait("1"));
        Task<string> call = host.Begin(() => Grain("a").WaitFor("2", cancel.Token));

        cancel.Cancel();
        host.Probe.Open("1");
        host.Settle();

        Assert.True(call.IsCanceled);
        Assert.Equal(["begin 1", "end 1"], host.Probe.Notes);
    }

    [Fact]
    public void A_call_with_a_token_that_is_cancelled_already_is_not_sent()
    {
        Task<string> call = host.Begin(() => Grain("a").WaitFor("1", new CancellationToken(canceled: true)));

        Assert.True(call.IsCanceled);
        Assert.Empty(host.Probe.Notes);
        Assert.Equal(0, host.Host.Directory.Count);
    }

    [Fact]
    public void A_timeout_cancels_the_token_of_the_method()
    {
        Task<string> call = host.Begin(() => Grain("a").WaitFor("1", CancellationToken.None));
        host.Advance(TimeSpan.FromSeconds(40));

        Assert.Throws<TimeoutException>(() => GrainTestHost.Value(call));
        Assert.Contains("cancelled 1", host.Probe.Notes);
    }

    [Fact]
    public async Task A_token_that_outlives_its_calls_does_not_remember_them()
    {
        await using GrainTestHost pooled = new(scheduler: new PoolScheduler());
        using CancellationTokenSource longLived = new();
        pooled.Probe.Open("1");
        ITurnGrain grain = pooled.Grains.GetGrain<ITurnGrain>("a");
        WeakReference[] calls = new WeakReference[200];
        for (int i = 0; i < calls.Length; i++)
        {
            calls[i] = await CallOnce(grain, longLived.Token);
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.InRange(calls.Count(c => c.IsAlive), 0, 5);
        GC.KeepAlive(longLived);
    }

    [Fact]
    public void A_cancellation_after_the_answer_changes_nothing()
    {
        using CancellationTokenSource cancel = new();
        host.Probe.Open("1");
        Task<string> call = host.Begin(() => Grain("a").WaitFor("1", cancel.Token));
        cancel.Cancel();
        host.Settle();

        Assert.Equal("1", GrainTestHost.Value(call));
        Assert.DoesNotContain("cancelled 1", host.Probe.Notes);
    }
}
