using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Florist.Server.Telemetry;

/// <summary>Settings of the section <c>Telemetry</c>: where measurements and traces go.</summary>
internal sealed class TelemetryOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Telemetry";

    /// <summary>The name under which this process reports.</summary>
    [Required]
    public string ServiceName { get; set; } = "florist";

    /// <summary>
    /// Address of an OTLP collector over gRPC's port or HTTP, as <c>http://collector:4318</c>; without one nothing is
    /// sent.
    /// </summary>
    public Uri? OtlpEndpoint { get; set; }

    /// <summary>Share of the traces begun here that are recorded, 0 to 1; a caller's decision is followed.</summary>
    [Range(0.0, 1.0)]
    public double TraceShare { get; set; } = 0.1;

    /// <summary>Bearer token with which <c>/metrics</c> may be read from anywhere.</summary>
    public string? MetricsToken { get; set; }

    /// <summary>
    /// True lets whatever runs on this machine read <c>/metrics</c> without the token, a reverse proxy and all that it
    /// passes on included; null does so in Development alone.
    /// </summary>
    public bool? MetricsOnLoopback { get; set; }

    /// <summary>True to write the log as JSON, one event a line; false for lines that people read.</summary>
    public bool JsonLog { get; set; }
}

/// <summary>Checks the ranges of <see cref="TelemetryOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>;
