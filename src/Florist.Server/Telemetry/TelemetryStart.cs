using Florist.Kernel;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Florist.Server.Telemetry;

/// <summary>
/// Begins to measure with the host and, when it ends, sends what is left: the providers do both by being made and
/// disposed of.
/// </summary>
internal sealed class TelemetryStart(MeterProvider metrics, TracerProvider traces) : IHostedService
{
    private const int FlushMilliseconds = 2000;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Only what is known to be 0 can be seen to rise.
        EdgeMeter.Begin();
        EngineMeasurements.Begin();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            metrics.ForceFlush(FlushMilliseconds);
            traces.ForceFlush(FlushMilliseconds);
        },
        cancellationToken);
}
