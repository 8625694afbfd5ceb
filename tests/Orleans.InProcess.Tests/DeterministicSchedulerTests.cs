using Orleans.InProcess.Tests.Testing;
using Orleans.Runtime;

namespace Orleans.InProcess.Tests;

/// <summary>The scheduler of simulations: repeatable, and time stands still until it is told to pass.</summary>
public sealed class DeterministicSchedulerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4711)]
    public void The_same_seed_gives_the_same_history(int seed)
    {
        Assert.Equal(History(seed), History(seed));
    }

    [Fact]
    public void Another_seed_gives_another_order()
    {
        Assert.True(Enumerable.Range(1, 10).Select(seed => string.Join('\n', History(seed))).Distinct().Count() > 1);
    }

    [Fact]
    public void Nothing_that_was_started_is_lost_whatever_the_order()
    {
        foreach (int seed in Enumerable.Range(1, 10))
        {
            Assert.Equal(60, History(seed).Count(n => n.StartsWith("begin", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Delays_take_virtual_time_only()
    {
        DeterministicScheduler simulation = new(1, DateTimeOffset.UnixEpoch);
        List<string> order = [];
        Task all = simulation.Start(() => Task.WhenAll(Sleep(3), Sleep(1), Sleep(2)));
        simulation.AdvanceTo(DateTimeOffset.UnixEpoch.AddDays(2));

        Assert.Equal(["1", "2"], order);
        Assert.False(all.IsCompleted);
        simulation.AdvanceTo(DateTimeOffset.UnixEpoch.AddDays(400));
        Assert.True(all.IsCompletedSuccessfully);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddDays(400), simulation.Clock.GetUtcNow());

        async Task Sleep(int days)
        {
            await Task.Delay(TimeSpan.FromDays(days), simulation.Clock);
            order.Add($"{days}");
        }
    }

    [Fact]
    public void Ambient_values_reach_what_is_started_and_nothing_else()
    {
        DeterministicScheduler simulation = new(1, DateTimeOffset.UnixEpoch);
        AsyncLocal<string?> ambient = new() { Value = "test" };
        string? inTimer = "unset";
        using ITimer timer = simulation.Clock.CreateTimer(
            _ => simulation.Queue(new ActionWork(() => inTimer = ambient.Value)),
            null,
            TimeSpan.FromSeconds(1),
            Timeout.InfiniteTimeSpan);
        Assert.Equal("test", simulation.Complete(() => Task.FromResult(ambient.Value)));
        simulation.AdvanceTo(DateTimeOffset.UnixEpoch.AddSeconds(2));

        Assert.Null(inTimer);
        Assert.Equal("test", ambient.Value);
    }

    [Fact]
    public void Code_that_cannot_end_is_reported()
    {
        DeterministicScheduler simulation = new(1, DateTimeOffset.UnixEpoch);
        TaskCompletionSource never = new();
        Assert.Throws<TimeoutException>(() => simulation.Complete(() => never.Task, TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Work_of_another_thread_is_waited_for_when_it_is_announced()
    {
        DeterministicScheduler simulation = new(1, DateTimeOffset.UnixEpoch);
        TaskCompletionSource<int> outside = new();
        simulation.IsOutsideBusy = () => !outside.Task.IsCompleted;
        Thread thread = new(() => outside.SetResult(7));
        Task<int> code = simulation.Start(async () =>
        {
            thread.Start();
            return await outside.Task;
        });
        simulation.RunUntilIdle();

        Assert.Equal(7, GrainTestHost.Value(code));
    }

    [Fact]
    public void A_periodic_timer_fires_at_every_period_until_it_is_disposed()
    {
        DeterministicScheduler simulation = new(1, DateTimeOffset.UnixEpoch);
        List<DateTimeOffset> fired = [];
        ITimer timer = simulation.Clock.CreateTimer(
            _ => fired.Add(simulation.Clock.GetUtcNow()),
            null,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(10));
        simulation.AdvanceTo(DateTimeOffset.UnixEpoch.AddSeconds(25));
        timer.Dispose();
        simulation.AdvanceTo(DateTimeOffset.UnixEpoch.AddSeconds(100));

        Assert.Equal([1, 11, 21], fired.Select(f => f.ToUnixTimeSeconds()));
    }

    [Fact]
    public void A_machine_that_is_off_does_nothing_more_and_its_time_stands_still()
    {
        DeterministicScheduler simulation = new(1, DateTimeOffset.UnixEpoch);
        int ran = 0;
        Task code = simulation.Start(async () =>
        {
            for (int i = 0; i < 10; i++)
            {
                ran++;
                await Task.Delay(TimeSpan.FromSeconds(1), simulation.Clock);
            }
        });
        simulation.AdvanceTo(DateTimeOffset.UnixEpoch.AddSeconds(3));
        int before = ran;
        simulation.StepsMax = simulation.Steps;
        simulation.AdvanceTo(DateTimeOffset.UnixEpoch.AddSeconds(60));

        Assert.True(simulation.IsOff);
        Assert.InRange(before, 1, 9);
        Assert.Equal(before, ran);
        Assert.False(code.IsCompleted);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(3), simulation.Clock.GetUtcNow());
    }

    private static IReadOnlyList<string> History(int seed)
    {
        GrainTestHost host = new(
            options =>
            {
                options.Chaos.Seed = seed;
                options.Chaos.DropActivation = 0.1;
            },
            seed: seed);
        Task all = host.Begin(() => Task.WhenAll(Enumerable.Range(0, 60).Select(i =>
        {
            host.Probe.Open($"{i}");
            return host.Grains.GetGrain<ITurnGrain>($"g{i % 5}").Wait($"{i}");
        })));
        host.Advance(TimeSpan.FromHours(1));
        GrainTestHost.Ended(all);
        return [.. host.Probe.Notes, $"{host.Simulation.Steps} steps"];
    }
}
