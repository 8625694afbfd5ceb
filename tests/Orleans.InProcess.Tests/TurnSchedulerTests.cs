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
}
