using Orleans.InProcess.Tests.Testing;
using Orleans.Runtime;

namespace Orleans.InProcess.Tests;

/// <summary>Contract 1: one turn at a time, non-reentrant by default, interleaving through attributes only.</summary>
public sealed class TurnSchedulerTests : IAsyncDisposable
{
    private readonly GrainTestHost host = new();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public void A_call_returns_what_the_method_returned()
    {
        ITurnGrain grain = host.Grains.GetGrain<ITurnGrain>("a");

        Assert.Equal("hello", host.Run(() => grain.Echo("hello")));
        Assert.Equal(5, host.Run(() => grain.Add(2, 3).AsTask()));
        host.Run(() => grain.Nothing().AsTask());
    }

    [Fact]
    public void A_second_call_starts_only_when_the_first_has_ended()
    {
        ITurnGrain grain = host.Grains.GetGrain<ITurnGrain>("a");
        Task first = host.Begin(() => grain.Wait("1"));
        Task second = host.Begin(() => grain.Wait("2"));

        host.Probe.Open("2");
        host.Settle();
        Assert.Equal(["begin 1"], host.Probe.Notes);
        Assert.False(second.IsCompleted);

        host.Probe.Open("1");
        host.Settle();
        Assert.True(first.IsCompletedSuccessfully && second.IsCompletedSuccessfully);
        Assert.Equal(["begin 1", "end 1", "begin 2", "end 2"], host.Probe.Notes);
    }

    [Fact]
    public void Calls_of_one_caller_that_wait_start_in_the_order_they_were_made()
    {
        ITurnGrain grain = host.Grains.GetGrain<ITurnGrain>("a");
        Task all = host.Begin(() => Task.WhenAll(Enumerable.Range(0, 20).Select(i => grain.Wait($"{i}"))));

        foreach (int i in Enumerable.Range(0, 20).Reverse())
        {
            host.Probe.Open($"{i}");
        }

        host.Settle();
        GrainTestHost.Ended(all);
        Assert.Equal(Enumerable.Range(0, 20).SelectMany(i => new[] { $"begin {i}", $"end {i}" }), host.Probe.Notes);
    }

    [Fact]
    public void Different_grains_do_not_wait_for_each_other()
    {
        Task blocked = host.Begin(() => host.Grains.GetGrain<ITurnGrain>("a").Wait("1"));

        Assert.Equal("b", host.Run(() => host.Grains.GetGrain<ITurnGrain>("b").Echo("b")));
        Assert.False(blocked.IsCompleted);
    }

    [Fact]
    public void A_call_that_always_interleaves_is_answered_while_another_waits()
    {
        ITurnGrain grain = host.Grains.GetGrain<ITurnGrain>("a");
        Task blocked = host.Begin(() => grain.Wait("1"));

        Assert.Equal("peeked", host.Run(grain.Peek));
        Assert.False(blocked.IsCompleted);
    }

    [Fact]
    public void Read_only_calls_interleave_with_each_other_but_not_with_others()
    {
        ITurnGrain grain = host.Grains.GetGrain<ITurnGrain>("a");
        host.Begin(() => grain.Read("r1"));
        host.Begin(() => grain.Read("r2"));
        host.Begin(() => grain.Wait("w"));
        Assert.Equal(["begin r1", "begin r2"], host.Probe.Notes);

        host.Probe.Open("r1");
        host.Settle();
        Assert.DoesNotContain("begin w", host.Probe.Notes);

        host.Probe.Open("r2");
        host.Settle();
        Assert.Contains("begin w", host.Probe.Notes);
    }

    [Fact]
    public void A_reader_does_not_overtake_a_writer_that_waits()
    {
        ITurnGrain grain = host.Grains.GetGrain<ITurnGrain>("a");
        host.Begin(() => grain.Read("r1"));
        host.Begin(() => grain.Wait("w"));
        host.Begin(() => grain.Read("r2"));
        Assert.Equal(["begin r1"], host.Probe.Notes);

        host.Probe.Open("r1");
        host.Settle();
        Assert.Equal(["begin r1", "end r1", "begin w"], host.Probe.Notes);
    }

    [Fact]
    public void A_reentrant_grain_starts_every_call_at_once()
    {
        IReentrantGrain grain = host.Grains.GetGrain<IReentrantGrain>("a");
        host.Begin(() => grain.Wait("1"));
        host.Begin(() => grain.Wait("2"));

        Assert.Equal(["begin 1", "begin 2"], host.Probe.Notes);
        Assert.Equal("answer", host.Run(grain.Answer));
    }

    [Fact]
    public void A_reentrant_grain_may_be_called_by_whom_it_calls()
    {
        Assert.Equal("answer", host.Run(() => host.Grains.GetGrain<IReentrantGrain>("a").Ask("b", back: true)));
    }

    [Fact]
    public void A_method_that_always_interleaves_may_be_called_by_whom_its_grain_calls()
    {
        Assert.Equal("peeked", host.Run(() => host.Grains.GetGrain<ITurnGrain>("a").AskAndBePeeked("b")));
    }

    [Fact]
    public void A_call_that_failed_is_not_tried_again()
    {
        ITurnGrain grain = host.Grains.GetGrain<ITurnGrain>("a");
        host.Begin(() => grain.Tell("fail"));
        host.Advance(TimeSpan.FromHours(1));
        Assert.Equal(["fail"], host.Probe.Notes);
    }

    [Fact]
    public void A_stateless_worker_runs_as_many_calls_at_once_as_it_has_activations()
    {
        IWorkerGrain grain = host.Grains.GetGrain<IWorkerGrain>("w");
        host.Begin(() => grain.Wait("1"));
        host.Begin(() => grain.Wait("2"));
        host.Begin(() => grain.Wait("3"));

        Assert.Equal(2, host.Probe.Notes.Count);
        Assert.Equal(2, host.Host.Directory.Count);
        host.Probe.Open("1");
        host.Probe.Open("2");
        host.Settle();
        Assert.Contains("begin 3", host.Probe.Notes);
    }

    [Fact]
    public void A_one_way_call_ends_for_its_caller_before_it_runs_and_hides_its_failure()
    {
        ITurnGrain grain = host.Grains.GetGrain<ITurnGrain>("a");
        Task blocked = host.Begin(() => grain.Wait("1"));

        GrainTestHost.Ended(host.Begin(() => grain.Tell("fail")));
        Assert.DoesNotContain("fail", host.Probe.Notes);

        host.Probe.Open("1");
        host.Settle();
        GrainTestHost.Ended(blocked);
        Assert.Contains("fail", host.Probe.Notes);
        Assert.Equal("alive", host.Run(() => grain.Echo("alive")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_exception_reaches_the_caller_and_the_grain_lives_on(bool atOnce)
    {
        ITurnGrain grain = host.Grains.GetGrain<ITurnGrain>("a");

        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(
            () => host.Run(() => atOnce ? grain.FailAtOnce("no tulips") : grain.Fail("no tulips")));

        Assert.Equal("no tulips", failure.Message);
        Assert.Equal("alive", host.Run(() => grain.Echo("alive")));
        Assert.Equal(1, host.Host.Directory.Count);
    }

    [Fact]
    public void A_call_never_runs_on_the_stack_of_its_caller()
    {
        ITurnGrain grain = host.Grains.GetGrain<ITurnGrain>("a");
        Task? call = null;
        host.Begin(() =>
        {
            call = grain.Tell("ran");
            Assert.Empty(host.Probe.Notes);
            return call;
        });

        Assert.Equal(["ran"], host.Probe.Notes);
    }

    [Fact]
    public void Request_values_flow_along_the_calls_and_ambient_values_do_not()
    {
        ITurnGrain grain = host.Grains.GetGrain<ITurnGrain>("a");
        string? seen = host.Run(() =>
        {
            RequestContext.Set("trace", "t-1");
            return grain.Ambient("trace");
        });

        Assert.Equal("t-1 -", seen);
        Assert.Equal("- -", host.Run(() => grain.Ambient("trace")));
    }

    [Fact]
    public void Request_values_flow_on_to_the_grains_that_a_grain_calls_and_never_back()
    {
        string seen = host.Run(() =>
        {
            RequestContext.Set("trace", "t-1");
            return host.Grains.GetGrain<ITurnGrain>("a").AmbientOf("b", "trace");
        });

        Assert.Equal("t-1 - t-1 -", seen);
    }

    [Fact]
    public void What_a_method_leaves_on_the_thread_is_gone_at_the_next_call()
    {
        ITurnGrain grain = host.Grains.GetGrain<ITurnGrain>("a");
        Task<string?>? seen = null;
        host.Begin(() =>
        {
            Task set = grain.SetAmbient("trace");
            seen = grain.Ambient("trace");
            return set;
        });

        Assert.NotNull(seen);
        Assert.Equal("- -", GrainTestHost.Value(seen));
    }

    [Fact]
    public void A_removed_request_value_is_no_longer_sent()
    {
        ITurnGrain grain = host.Grains.GetGrain<ITurnGrain>("a");
        string? seen = host.Run(() =>
        {
            RequestContext.Set("trace", "t-1");
            Assert.True(RequestContext.Remove("trace"));
            Assert.False(RequestContext.Remove("trace"));
            return grain.Ambient("trace");
        });

        Assert.Equal("- -", seen);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Turns_of_one_grain_never_overlap_on_the_thread_pool(int grains)
    {
        await using GrainTestHost pooled = new(scheduler: new PoolScheduler());
        ITurnGrain[] targets =
        [
            .. Enumerable.Range(0, grains).Select(i => pooled.Grains.GetGrain<ITurnGrain>($"g{i}")),
        ];

        int[] most = await Task.WhenAll(Enumerable.Range(0, 200)
            .Select(i => Task.Run(() => targets[i % grains].Unsafe(20))));

        Assert.All(most, inside => Assert.Equal(1, inside));
    }

    [Fact]
    public async Task Chains_of_calls_on_the_thread_pool_all_come_back()
    {
        await using GrainTestHost pooled = new(scheduler: new PoolScheduler());
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Task.Run(() =>
            pooled.Grains.GetGrain<ITurnGrain>($"a{i % 7}").Deep([$"b{i % 5}", $"c{i % 3}"]))));

        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"a{i % 7} b{i % 5} c{i % 3}"), answers);
    }
}
