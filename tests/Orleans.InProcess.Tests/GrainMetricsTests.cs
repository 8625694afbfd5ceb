using System.Diagnostics.Metrics;
using Orleans.InProcess.Tests.Testing;
using Orleans.Runtime;

namespace Orleans.InProcess.Tests;

/// <summary>What a host measures, as a listener sees it.</summary>
public sealed class GrainMetricsTests : IAsyncDisposable
{
    private readonly GrainTestHost host = new(options => options.WaitingCallsMax = 3);
    private readonly MeterListener listener = new();
    private readonly Dictionary<string, List<(double Value, string Label)>> measured = [];

    public GrainMetricsTests()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            // Other tests run beside this one with hosts of their own.
            if (ReferenceEquals(instrument.Meter, host.Host.Metrics.Meter))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((i, value, labels, _) => Keep(i, value, labels));
        listener.SetMeasurementEventCallback<long>((i, value, labels, _) => Keep(i, value, labels));
        listener.SetMeasurementEventCallback<double>((i, value, labels, _) => Keep(i, value, labels));
        listener.Start();
    }

    public ValueTask DisposeAsync()
    {
        listener.Dispose();
        return host.DisposeAsync();
    }

    private ITurnGrain Grain => host.Grains.GetGrain<ITurnGrain>("measured");

    [Fact]
    public void Grains_in_memory_and_calls_that_wait_are_gauges()
    {
        _ = host.Begin(() => Grain.Wait("1"));
        _ = host.Begin(() => Grain.Wait("2"));
        _ = host.Begin(() => Grain.Wait("3"));
        listener.RecordObservableInstruments();

        Assert.Equal([(1, "")], measured["orleans-catalog-activations"]);
        Assert.Equal([(2, "")], measured["orleans-grains-calls-waiting"]);
    }

    [Fact]
    public void Calls_are_counted_and_timed_by_type_of_grain()
    {
        host.Run(() => Grain.Echo("x"));
        host.Run(() => host.Grains.GetGrain<IPurseGrain>("p").Put(1));
        host.Run(() => Grain.Tell("one way"));

        Assert.Equal(
            [(1, "grain_type=turn"), (1, "grain_type=purse"), (1, "grain_type=turn")],
            measured["orleans-grains-calls"]);
        Assert.Equal(3, measured["orleans-app-requests-latency"].Count);
        Assert.All(measured["orleans-app-requests-latency"], m => Assert.InRange(m.Value, 0, 60_000));
        Assert.DoesNotContain("orleans-grains-calls-failed", measured.Keys);
    }

    [Fact]
    public void A_turn_is_timed_from_one_wait_to_the_next()
    {
        host.Probe.Open("1");
        host.Run(() => Grain.Unsafe(rounds: 10));

        // The activation, the call, and what follows each of its ten waits.
        Assert.InRange(measured["orleans-grains-turn-time"].Count, 12, 20);
        Assert.All(measured["orleans-grains-turn-time"], m => Assert.InRange(m.Value, 0, 60_000));
    }

    [Fact]
    public void Failures_refusals_and_timeouts_are_counted_as_their_callers_see_them()
    {
        Assert.Throws<InvalidOperationException>(() => host.Run(() => Grain.Fail("x")));
        Task[] calls = [.. Enumerable.Range(0, 5).Select(_ => host.Begin(() => Grain.Wait("never")))];
        Assert.Throws<LimitExceededException>(() => GrainTestHost.Ended(calls[4]));
        Assert.Equal(2, measured["orleans-grains-calls-failed"].Count);
        Assert.DoesNotContain("orleans-app-requests-timedout", measured.Keys);

        host.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(4, measured["orleans-app-requests-timedout"].Count);
        Assert.Equal(6, measured["orleans-grains-calls-failed"].Count);
    }

    [Fact]
    public void A_call_is_measured_once_though_it_ends_after_its_timeout()
    {
        Task call = host.Begin(() => Grain.Wait("1"));
        host.Advance(TimeSpan.FromSeconds(40));
        Assert.Throws<TimeoutException>(() => GrainTestHost.Ended(call));
        host.Probe.Open("1");
        host.Settle();

        Assert.Single(measured["orleans-app-requests-latency"]);
        Assert.Single(measured["orleans-grains-calls-failed"]);
    }

    [Fact]
    public void What_becomes_of_activations_is_counted()
    {
        host.Run(() => host.Grains.GetGrain<IPurseGrain>("a").Put(1));
        host.Run(() => host.Grains.GetGrain<IPurseGrain>("b").Retire(andWait: false));
        host.Advance(TimeSpan.FromMinutes(20));
        host.Probe.Tell("refuse");
        Assert.Throws<InvalidOperationException>(() => host.Run(host.Grains.GetGrain<IPurseGrain>("c").Peek));

        Assert.Equal(3, measured["orleans-catalog-activation-created"].Count);
        Assert.Equal(3, measured["orleans-catalog-activation-destroyed"].Count);
        Assert.Single(measured["orleans-catalog-activation-failed-to-activate"]);
        Assert.Equal(
            [(1, "via=deactivateOnIdle"), (1, "via=collection")],
            measured["orleans-catalog-activation-shutdown"]);
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (!measured.TryGetValue(instrument.Name, out List<(double, string)>? values))
        {
            measured[instrument.Name] = values = [];
        }

        values.Add((value, string.Join(',', labels.ToArray().Select(label => $"{label.Key}={label.Value}"))));
    }
}
