using Orleans.InProcess.Tests.Testing;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.InProcess.Tests;

/// <summary>
/// Contracts 4 and 6: when grains come to life, are collected, dropped and forwarded to the next activation.
/// </summary>
public sealed class ActivationTests : IAsyncDisposable
{
    private readonly GrainTestHost host = new(options => options.ActivationsMax = 100);

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private IPurseGrain Purse(string key = "p") => host.Grains.GetGrain<IPurseGrain>(key);

    private int Activations(string key = "p") => host.Probe.Count($"activate {key}");

    [Fact]
    public void State_is_loaded_before_activation_and_activation_before_the_first_call()
    {
        host.Storage.Overwrite("purse", GrainId.Create("purse", "p"), new Purse { Coins = 7 });

        Assert.Equal(7, host.Run(Purse().PeekLoaded));
        Assert.Equal(1, Activations());
    }

    [Fact]
    public void Making_a_reference_activates_nothing()
    {
        Purse();
        host.Settle();
        Assert.Empty(host.Probe.Notes);
        Assert.Equal(0, host.Host.Directory.Count);
    }

    [Fact]
    public void An_activation_that_is_not_used_for_fifteen_minutes_is_collected()
    {
        host.Run(() => Purse().Put(1));
        host.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal(1, host.Host.Directory.Count);

        host.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, host.Host.Directory.Count);
        Assert.Contains("deactivate p ActivationIdle", host.Probe.Notes);
        Assert.Equal(1, host.Run(Purse().Peek));
        Assert.Equal(2, Activations());
    }

    [Fact]
    public void A_call_in_between_starts_the_idle_time_anew()
    {
        host.Run(() => Purse().Put(1));
        host.Advance(TimeSpan.FromMinutes(10));
        host.Run(Purse().Peek);
        host.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(1, host.Host.Directory.Count);
    }

    [Fact]
    public void A_running_call_keeps_its_activation()
    {
        host.Begin(() => Purse().Wait("1"));
        host.Advance(TimeSpan.FromHours(2));

        Assert.Equal(1, host.Host.Directory.Count);
        host.Probe.Open("1");
        host.Advance(TimeSpan.FromMinutes(32));
        Assert.Equal(0, host.Host.Directory.Count);
    }

    [Fact]
    public void A_delayed_deactivation_outlasts_idleness_and_can_be_taken_back()
    {
        host.Run(() => Purse("a").Stay(TimeSpan.FromHours(2)));
        host.Run(() => Purse("b").Stay(TimeSpan.FromHours(2)));
        host.Run(() => Purse("b").Stay(TimeSpan.Zero));

        host.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, host.Host.Directory.Count);
        Assert.Contains("deactivate b ActivationIdle", host.Probe.Notes);

        host.Advance(TimeSpan.FromHours(2));
        Assert.Equal(0, host.Host.Directory.Count);
    }

    [Fact]
    public void Without_grains_no_timer_is_left_so_that_time_can_leap()
    {
        host.Run(() => Purse().Put(1));
        host.Advance(TimeSpan.FromHours(1));
        long steps = host.Simulation.Steps;

        host.Advance(TimeSpan.FromDays(365));
        Assert.InRange(host.Simulation.Steps - steps, 0, 5);
    }

    [Fact]
    public void Too_many_activations_lose_those_not_used_for_the_longest_time()
    {
        for (int i = 0; i < 90; i++)
        {
            host.Run(() => Purse($"p{i:00}").Put(1));
            host.Advance(TimeSpan.FromSeconds(2));
        }

        host.Run(Purse("p00").Peek);
        host.Advance(TimeSpan.FromSeconds(2));
        for (int i = 90; i < 105; i++)
        {
            host.Run(() => Purse($"p{i:00}").Put(1));
        }

        host.Settle();
        Assert.InRange(host.Host.Directory.Count, 80, 100);
        Assert.DoesNotContain("deactivate p00 ActivationIdle", host.Probe.Notes);
        Assert.Contains("deactivate p01 ActivationIdle", host.Probe.Notes);
        Assert.DoesNotContain("deactivate p89 ActivationIdle", host.Probe.Notes);
    }

    [Fact]
    public async Task An_import_of_many_grains_on_the_thread_pool_keeps_memory_bounded()
    {
        await using GrainTestHost pooled = new(options => options.ActivationsMax = 200, scheduler: new PoolScheduler());
        int most = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 5000),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (i, _) =>
            {
                Assert.Equal(1, await pooled.Grains.GetGrain<IPurseGrain>($"p{i}").Put(1));
                InterlockedMax(ref most, pooled.Host.Directory.Count);
            });

        Assert.InRange(most, 200, 2000);
        Assert.Equal(5000, pooled.Storage.Writes);
    }

    [Fact]
    public void A_grain_that_retires_ends_after_its_call_and_those_that_wait_meet_the_next_activation()
    {
        Task retire = host.Begin(() => Purse().Retire(andWait: true));
        Task<int> waiting = host.Begin(() => Purse().Put(3));
        Assert.False(waiting.IsCompleted);

        host.Probe.Open("retire");
        host.Settle();
        GrainTestHost.Ended(retire);
        Assert.Equal(3, GrainTestHost.Value(waiting));
        Assert.Equal(2, Activations());
        Assert.Contains("deactivate p ApplicationRequested", host.Probe.Notes);
    }

    [Fact]
    public void A_grain_that_retires_whenever_it_is_activated_fails_its_callers_instead_of_circling()
    {
        host.Probe.Tell("retire early");

        Assert.ThrowsAny<OrleansException>(() => host.Run(Purse().Peek));
        Assert.InRange(Activations(), 2, 50);
    }

    [Fact]
    public void A_failed_activation_reaches_every_waiting_caller_and_the_next_call_tries_anew()
    {
        host.Probe.Tell("refuse");
        Task<int> first = host.Begin(Purse().Peek);
        Task<int> second = host.Begin(Purse().Peek);
        Assert.Equal("no room", Assert.Throws<InvalidOperationException>(() => GrainTestHost.Value(first)).Message);
        Assert.Throws<InvalidOperationException>(() => GrainTestHost.Value(second));
        Assert.Equal(0, host.Host.Directory.Count);
        Assert.DoesNotContain(host.Probe.Notes, n => n.StartsWith("deactivate", StringComparison.Ordinal));
    }

    [Fact]
    public void A_state_that_cannot_be_read_fails_the_call_and_the_next_call_reads_again()
    {
        host.Storage.Before = _ => throw new TimeoutException("disk");
        OrleansException failure = Assert.Throws<OrleansException>(() => host.Run(Purse().Peek));
        Assert.IsType<TimeoutException>(failure.InnerException);

        host.Storage.Before = _ => Task.CompletedTask;
        Assert.Equal(0, host.Run(Purse().Peek));
    }

    [Fact]
    public void An_activation_that_hangs_times_out()
    {
        host.Storage.Before = _ => host.Probe.Gate("never");

        Assert.Throws<TimeoutException>(() => host.Run(Purse().Peek));
        host.Advance(TimeSpan.FromMinutes(1));
        host.Storage.Before = _ => Task.CompletedTask;
        Assert.Equal(0, host.Run(Purse().Peek));
    }

    [Fact]
    public void A_conflict_reaches_the_caller_and_drops_the_activation()
    {
        host.Run(() => Purse().Put(1));
        host.Storage.Overwrite("purse", GrainId.Create("purse", "p"), new Purse { Coins = 50 });

        Assert.Throws<InconsistentStateException>(() => host.Run(() => Purse().Put(1)));
        host.Settle();
        Assert.Contains("deactivate p ApplicationError", host.Probe.Notes);
        Assert.Equal(51, host.Run(() => Purse().Put(1)));
        Assert.Equal(2, Activations());
    }

    [Fact]
    public void A_conflict_drops_only_the_grain_that_met_it()
    {
        IPayerGrain payer = host.Grains.GetGrain<IPayerGrain>("x");
        host.Run(() => payer.Pay("p", 1));
        host.Storage.Overwrite("purse", GrainId.Create("purse", "p"), new Purse { Coins = 50 });

        Assert.Throws<InconsistentStateException>(() => host.Run(() => payer.Pay("p", 1)));
        host.Settle();
        Assert.Equal(2, host.Run(payer.Calls));
        Assert.Equal(50, host.Run(Purse().Peek));
    }

    [Fact]
    public void A_conflict_that_the_grain_handles_does_not_drop_it()
    {
        host.Run(() => Purse().Put(1));
        host.Storage.Overwrite("purse", GrainId.Create("purse", "p"), new Purse { Coins = 50 });

        Assert.True(host.Run(() => Purse().CatchesConflict(1)));
        host.Settle();
        Assert.Equal(1, Activations());
        Assert.DoesNotContain(host.Probe.Notes, n => n.StartsWith("deactivate", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("fail")]
    [InlineData("hang")]
    public void A_good_bye_that_fails_or_hangs_does_not_keep_the_grain(string how)
    {
        host.Run(() => Purse().Put(1));
        host.Probe.Tell(how);
        host.Begin(() => Purse().Retire(andWait: false));
        host.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(0, host.Host.Directory.Count);
        Assert.Equal(1, host.Run(Purse().Peek));
    }

    [Fact]
    public void A_call_that_never_ends_is_left_behind_after_two_hours()
    {
        host.Begin(() => Purse().Wait("never"));
        host.Advance(TimeSpan.FromMinutes(119));
        Assert.Throws<TimeoutException>(() => host.Run(Purse().Peek));

        host.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(0, host.Run(Purse().Peek));
        Assert.Equal(2, Activations());
    }

    [Fact]
    public void A_grain_that_can_be_disposed_is()
    {
        host.Run(host.Grains.GetGrain<IDisposedGrain>("d").ClassName);
        host.Advance(TimeSpan.FromMinutes(20));
        Assert.Contains("disposed", host.Probe.Notes);
    }

    [Fact]
    public void Stopping_deactivates_every_grain_and_refuses_new_ones()
    {
        foreach (string key in new[] { "a", "b", "c" })
        {
            host.Run(() => Purse(key).Put(1));
        }

        host.Run(() => host.Host.StopAsync(CancellationToken.None));

        Assert.Equal(3, host.Probe.Notes.Count(n => n.EndsWith("ShuttingDown", StringComparison.Ordinal)));
        Assert.Equal(0, host.Host.Directory.Count);
        Assert.ThrowsAny<OrleansException>(() => host.Run(() => Purse("d").Put(1)));
    }

    [Fact]
    public void Stopping_lets_running_calls_end_and_does_not_wait_for_ever()
    {
        Task ends = host.Begin(() => Purse("a").Wait("1"));
        Task hangs = host.Begin(() => Purse("b").Wait("never"));
        DateTimeOffset before = host.Now;
        Task stop = host.Begin(() => host.Host.StopAsync(CancellationToken.None));
        Assert.False(stop.IsCompleted);

        host.Probe.Open("1");
        host.Settle();
        GrainTestHost.Ended(ends);
        host.Advance(TimeSpan.FromSeconds(20));
        GrainTestHost.Ended(stop);
        Assert.False(hangs.IsCompleted);
        Assert.Equal(TimeSpan.FromSeconds(20), host.Now - before);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen = Volatile.Read(ref most);
        while (value > seen)
        {
            int was = Interlocked.CompareExchange(ref most, value, seen);
            if (was == seen)
            {
                return;
            }

            seen = was;
        }
    }
}
