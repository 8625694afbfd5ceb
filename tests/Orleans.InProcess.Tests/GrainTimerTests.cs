using Orleans.InProcess.Tests.Testing;
using Orleans.Runtime;

namespace Orleans.InProcess.Tests;

/// <summary>Contract 5: timers.</summary>
public sealed class GrainTimerTests : IAsyncDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly GrainTestHost host = new();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private IClockGrain Clock => host.Grains.GetGrain<IClockGrain>("c");

    private int Ticks => host.Probe.Notes.Count(n => n.StartsWith("tick", StringComparison.Ordinal));

    [Fact]
    public void A_timer_first_fires_when_due_and_then_every_period()
    {
        host.Run(() => Clock.Start(TimeSpan.FromSeconds(10), Minute, interleave: false, keepAlive: false));
        host.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, Ticks);
        host.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, Ticks);
        host.Advance(Minute * 3);
        Assert.Equal(4, Ticks);
    }

    [Fact]
    public void A_period_runs_from_the_end_of_a_callback()
    {
        host.Run(() => Clock.Start(TimeSpan.Zero, Minute, interleave: false, keepAlive: false));
        host.Advance(TimeSpan.Zero);
        host.Run(() => Clock.MakeSlow("slow"));
        host.Advance(Minute * 10);
        Assert.Equal(2, Ticks);

        host.Probe.Open("slow");
        host.Settle();
        host.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(2, Ticks);
        host.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(3, Ticks);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void A_callback_takes_its_turn_like_a_call_unless_it_interleaves(bool interleave, int ticks)
    {
        host.Run(() => Clock.Start(Minute, Minute, interleave, keepAlive: false));
        host.Begin(() => Clock.Wait("1"));
        host.Advance(Minute);
        Assert.Equal(ticks, Ticks);

        host.Probe.Open("1");
        host.Settle();
        Assert.Equal(1, Ticks);
    }

    [Fact]
    public void A_callback_that_throws_does_not_end_the_timer()
    {
        host.Run(() => Clock.Start(Minute, Minute, interleave: false, keepAlive: false));
        host.Probe.Tell("throw");
        host.Advance(Minute * 3);
        Assert.Equal(3, Ticks);
    }

    [Fact]
    public void An_infinite_period_means_once()
    {
        host.Run(() => Clock.Start(Minute, Timeout.InfiniteTimeSpan, interleave: false, keepAlive: false));
        host.Advance(Minute * 10);
        Assert.Equal(1, Ticks);
    }

    [Fact]
    public void A_changed_timer_follows_its_new_times()
    {
        host.Run(() => Clock.Start(Minute, Minute, interleave: false, keepAlive: false));
        host.Run(() => Clock.Change(Minute * 5, Minute * 2));
        host.Advance(Minute * 4);
        Assert.Equal(0, Ticks);
        host.Advance(Minute * 3);
        Assert.Equal(2, Ticks);
    }

    [Fact]
    public void A_disposed_timer_is_silent_and_cancels_its_callback()
    {
        host.Run(() => Clock.Start(TimeSpan.Zero, Minute, interleave: true, keepAlive: false));
        host.Advance(TimeSpan.Zero);
        host.Run(() => Clock.MakeSlow("never"));
        host.Advance(Minute);
        host.Run(Clock.Stop);
        host.Advance(Minute * 10);

        Assert.Equal(2, Ticks);
        Assert.Contains("cancelled", host.Probe.Notes);
    }

    [Fact]
    public void Timers_die_with_their_activation()
    {
        host.Run(() => Clock.Start(Minute, Minute, interleave: false, keepAlive: false));
        host.Advance(Minute * 40);
        int ticks = Ticks;

        Assert.InRange(ticks, 13, 17);
        Assert.Equal(0, host.Host.Directory.Count);
        host.Advance(Minute * 40);
        Assert.Equal(ticks, Ticks);
    }

    [Fact]
    public void A_timer_that_keeps_alive_prevents_collection()
    {
        host.Run(() => Clock.Start(Minute, Minute, interleave: false, keepAlive: true));
        host.Advance(Minute * 60);
        Assert.Equal(1, host.Host.Directory.Count);
        Assert.Equal(60, Ticks);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(5_000_000_000)]
    public void Times_that_no_timer_can_have_are_refused(double milliseconds)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => host.Run(() =>
            Clock.Start(TimeSpan.FromMilliseconds(milliseconds), Minute, interleave: false, keepAlive: false)));
    }
}

public interface IClockGrain : IGrainWithStringKey
{
    Task Start(TimeSpan due, TimeSpan period, bool interleave, bool keepAlive);

    Task MakeSlow(string gate);

    Task Change(TimeSpan due, TimeSpan period);

    Task Stop();

    Task Wait(string gate);
}

[GrainType("clock")]
internal sealed class ClockGrain(Probe probe) : Grain, IClockGrain
{
    private IGrainTimer? timer;
    private string? gate;

    public Task Start(TimeSpan due, TimeSpan period, bool interleave, bool keepAlive)
    {
        timer = this.RegisterGrainTimer(
            Tick,
            "state",
            new GrainTimerCreationOptions(due, period) { Interleave = interleave, KeepAlive = keepAlive });
        return Task.CompletedTask;
    }

    public Task MakeSlow(string gate)
    {
        this.gate = gate;
        return Task.CompletedTask;
    }

    public Task Change(TimeSpan due, TimeSpan period)
    {
        timer?.Change(due, period);
        return Task.CompletedTask;
    }

    public Task Stop()
    {
        timer?.Dispose();
        return Task.CompletedTask;
    }

    public async Task Wait(string gate) => await probe.Gate(gate);

    private async Task Tick(string state, CancellationToken cancellation)
    {
        probe.Note($"tick {state}");
        if (probe.IsTold("throw"))
        {
            throw new InvalidOperationException("spring broken");
        }

        if (gate is not null)
        {
            try
            {
                await probe.Gate(gate).WaitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                probe.Note("cancelled");
                throw;
            }
        }
    }
}
