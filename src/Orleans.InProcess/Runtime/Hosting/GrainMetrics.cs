using System.Diagnostics.Metrics;

namespace Orleans.Runtime;

/// <summary>What a host measures, under the meter name that Orleans uses.</summary>
internal sealed class GrainMetrics : IDisposable
{
    private readonly Meter meter;

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
            description: "Time from the start of a call to its first wait");
        TimedOut = meter.CreateCounter<long>("orleans-app-requests-timedout", description: "Calls without an answer");
    }

    internal Meter Meter => meter;

    internal Histogram<double> TurnTime { get; }

    internal Counter<long> TimedOut { get; }

    public void Dispose() => meter.Dispose();
}
