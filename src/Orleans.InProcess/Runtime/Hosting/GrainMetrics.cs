using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orleans.Runtime;

/// <summary>
/// What a host measures, under the meter name that Orleans uses, and under its instrument names where Orleans measures
/// the same. An instrument that nobody listens to costs a test of a field.
/// </summary>
internal sealed class GrainMetrics : IDisposable
{
    private static readonly KeyValuePair<string, object?> ViaCollection = new("via", "collection");
    private static readonly KeyValuePair<string, object?> ViaRequest = new("via", "deactivateOnIdle");
    private static readonly KeyValuePair<string, object?> ViaStuck = new("via", "deactivateStuckActivation");

    private readonly Meter meter;
    private readonly Counter<long> created;
    private readonly Counter<long> destroyed;
    private readonly Counter<long> refused;
    private readonly Counter<long> shutDown;
    private readonly Counter<long> calls;
    private readonly Counter<long> failures;
    private readonly Counter<long> timedOut;
    private readonly Histogram<double> latency;

    internal GrainMetrics(GrainHost host, IMeterFactory? factory)
    {
        MeterOptions options = new("Microsoft.Orleans");
        meter = factory is null ? new Meter(options) : factory.Create(options);
        meter.CreateObservableGauge(
            "orleans-catalog-activations",
            () => host.Directory.Count,
            description: "Grains in memory");
        meter.CreateObservableGauge(
            "orleans-grains-calls-waiting",
            () => host.Directory.All.Sum(a => a.WaitingCount),
            description: "Calls that wait for their turn");
        TurnTime = meter.CreateHistogram<double>(
            "orleans-grains-turn-time",
            unit: "ms",
            description: "How long a grain kept its thread, from one wait to the next");
        latency = meter.CreateHistogram<double>(
            "orleans-app-requests-latency",
            unit: "ms",
            description: "From sending a call to its answer");
        calls = meter.CreateCounter<long>("orleans-grains-calls", description: "Calls that were sent");
        failures = meter.CreateCounter<long>(
            "orleans-grains-calls-failed",
            description: "Calls that were answered with an exception");
        timedOut = meter.CreateCounter<long>("orleans-app-requests-timedout", description: "Calls without an answer");
        created = meter.CreateCounter<long>("orleans-catalog-activation-created", description: "Grains loaded");
        destroyed = meter.CreateCounter<long>("orleans-catalog-activation-destroyed", description: "Grains dropped");
        refused = meter.CreateCounter<long>(
            "orleans-catalog-activation-failed-to-activate",
            description: "Grains that could not be loaded");
        shutDown = meter.CreateCounter<long>(
            "orleans-catalog-activation-shutdown",
            description: "Grains dropped, by what decided it");
    }

    internal Meter Meter => meter;

    internal Histogram<double> TurnTime { get; }

    public void Dispose() => meter.Dispose();

    internal void ActivationCreated() => created.Add(1);

    internal void ActivationDestroyed() => destroyed.Add(1);

    internal void ActivationFailed() => refused.Add(1);

    internal void ActivationCollected() => shutDown.Add(1, ViaCollection);

    internal void ActivationRetired() => shutDown.Add(1, ViaRequest);

    internal void ActivationGivenUp() => shutDown.Add(1, ViaStuck);

    /// <summary>A call was sent.</summary>
    /// <returns>The moment, when somebody wants to know how long it takes; else zero.</returns>
    internal long Sent(GrainId target)
    {
        if (calls.Enabled)
        {
            calls.Add(1, Of(target));
        }

        return latency.Enabled ? Stopwatch.GetTimestamp() : 0;
    }

    /// <summary>The caller has its answer.</summary>
    internal void Answered(GrainId target, long sent, Exception? failure)
    {
        if (sent != 0)
        {
            latency.Record(Stopwatch.GetElapsedTime(sent).TotalMilliseconds, Of(target));
        }

        if (failure is not null && failures.Enabled)
        {
            failures.Add(1, Of(target));
        }
    }

    internal void TimedOut() => timedOut.Add(1);

    // Types are few, keys are millions: only the type is a label.
    private static KeyValuePair<string, object?> Of(GrainId target) => new("grain_type", target.Type.ToString());
}
