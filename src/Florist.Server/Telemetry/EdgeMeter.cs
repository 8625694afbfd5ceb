using System.Diagnostics.Metrics;
using Grpc.Core;

namespace Florist.Server.Telemetry;

/// <summary>
/// Measurements of calls. A call that fails is an ordinary answer to HTTP, so that only here is said what became of it.
/// </summary>
internal static class EdgeMeter
{
    private static readonly Meter Meter = new("Florist.Edge");

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "florist.calls.failed",
        "{call}",
        "Calls that a service did not answer, by gRPC status; those refused before it are not counted.");

    /// <summary>Makes those known that nobody wants to see, so that the first of them is a change.</summary>
    public static void Begin()
    {
        foreach (StatusCode ours in (StatusCode[])[StatusCode.Internal, StatusCode.Unavailable, StatusCode.Unknown])
        {
            Count(ours, 0);
        }
    }

    /// <summary>Counts a call.</summary>
    public static void Failed(StatusCode status) => Count(status, 1);

    private static void Count(StatusCode status, int calls) =>
        Failures.Add(calls, new KeyValuePair<string, object?>("status", status.ToString()));
}
