using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Florist.Server.Telemetry;

/// <summary>
/// Adds measurements, traces and the form of the log. What is measured belongs to whoever measures it; here is only
/// said which of it leaves the process, and how.
/// </summary>
internal static class TelemetryFeature
{
    // Ours, the grain host's, and those of the framework that a shop's operators ask for.
    private static readonly string[] Meters =
    [
        "Florist.*", "Microsoft.Orleans", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
        "System.Net.Http", "System.Runtime", "Npgsql",
    ];

    // Whoever logs under this name opens a scope and a span around every request.
    private const string RequestScopes = "Microsoft.AspNetCore.Hosting.Diagnostics";

    private static readonly string[] Sources =
        ["Florist.*", "Microsoft.Orleans.*", "Microsoft.AspNetCore", "System.Net.Http", "Npgsql"];

    /// <summary>Reads the settings and begins to measure when the server starts.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>();
        services.AddSingleton<PrometheusExporter>();
        services.AddSingleton(Metrics);
        services.AddSingleton(Traces);
        services.AddHostedService<TelemetryStart>();
        AddLog(builder);
    }

    /// <summary>Maps <c>/metrics</c>, in the text format of Prometheus.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder endpoints) => endpoints.MapGet(
        "/metrics",
        (HttpContext http, PrometheusExporter exporter, IOptions<TelemetryOptions> options, IHostEnvironment host) =>
            MetricsAccess.Allows(
                http,
                options.Value.MetricsToken,
                options.Value.MetricsOnLoopback ?? host.IsDevelopment())
                ? Results.Text(exporter.Scrape(), PrometheusExporter.ContentType)
                : Results.StatusCode(StatusCodes.Status403Forbidden));

    private static MeterProvider Metrics(IServiceProvider services)
    {
        TelemetryOptions options = services.GetRequiredService<IOptions<TelemetryOptions>>().Value;
        MeterProviderBuilder metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService(options.ServiceName))
            .AddMeter(Meters)
            .AddReader(new BaseExportingMetricReader(services.GetRequiredService<PrometheusExporter>())
            {
                TemporalityPreference = MetricReaderTemporalityPreference.Cumulative,
            });
        if (options.OtlpEndpoint is { } endpoint)
        {
            metrics.AddOtlpExporter(otlp => Address(otlp, endpoint, "v1/metrics"));
        }

        return metrics.Build();
    }

    private static TracerProvider Traces(IServiceProvider services)
    {
        TelemetryOptions options = services.GetRequiredService<IOptions<TelemetryOptions>>().Value;
        TracerProviderBuilder traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService(options.ServiceName));
        if (options.OtlpEndpoint is { } endpoint)
        {
            // Without anybody to send them to, no source is listened to, and nothing is spent on spans.
            traces.AddSource(Sources)
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TraceShare)))
                .AddOtlpExporter(otlp => Address(otlp, endpoint, "v1/traces"));
        }

        return traces.Build();
    }

    private static void Address(OtlpExporterOptions otlp, Uri endpoint, string path)
    {
        otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
        otlp.Endpoint = new Uri(endpoint, path);
    }

    private static void AddLog(WebApplicationBuilder builder)
    {
        builder.Logging.Configure(log => log.ActivityTrackingOptions =
            ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        if (builder.Configuration.GetValue<bool>($"{TelemetryOptions.Section}:{nameof(TelemetryOptions.JsonLog)}"))
        {
            builder.Logging.AddJsonConsole(console => console.IncludeScopes = true);
        }
        else
        {
            builder.Logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.ColorBehavior = LoggerColorBehavior.Default;
            });

            // Lines for people do not show scopes, so nobody would see what each request pays for.
            if (builder.Configuration[$"Logging:LogLevel:{RequestScopes}"] is null)
            {
                builder.Logging.AddFilter(RequestScopes, LogLevel.None);
            }
        }
    }
}
