using Florist.Server.Auth;
using Grpc.AspNetCore.HealthChecks;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Florist.Server.Edge;

/// <summary>Adds what callers of every service find: browsers, health, reflection, living connections.</summary>
internal static class EdgeFeature
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromHours(2);

    /// <summary>Settings, health checks, reflection and the rules for pages of other origins.</summary>
    public static IServiceCollection AddGrpcEdge(this IServiceCollection services)
    {
        services.AddOptions<EdgeOptions>().BindConfiguration(EdgeOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<EdgeOptions>>(SetPings);
        services.AddOptions<KestrelServerOptions>().Configure<CourierCertificates>(AcceptCouriers);
        services.AddOptions<HostOptions>().Configure<IOptions<EdgeOptions>>(
            (host, edge) => host.ShutdownTimeout = TimeSpan.FromSeconds(edge.Value.DrainSeconds));
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<EdgeOptions>>(
            (cors, edge) => cors.AddDefaultPolicy(policy => Allow(policy, edge.Value)));
        services.AddGrpcReflection();
        services.AddSingleton<ServiceConfig>();
        services.AddSingleton<DeadlineCaps>();
        services.AddGrpcHealthChecks().AddCheck<HostCheck>("host");
        services.AddOptions<GrpcHealthChecksOptions>().Configure<PolicyTable>(SpeakForAll);
        return services;
    }

    /// <summary>
    /// Tells browsers what they may do, and lets pages of the configured origins in. Stands before everything that
    /// answers.
    /// </summary>
    public static void UsePages(this WebApplication app)
    {
        app.UseMiddleware<SecurityHeaders>();
        if (app.Services.GetRequiredService<IOptions<EdgeOptions>>().Value.CorsOrigins.Count > 0)
        {
            app.UseCors();
        }
    }

    /// <summary>Caps deadlines. Stands where every request has the form of a gRPC call that is to be one.</summary>
    public static void UseDeadlineCaps(this WebApplication app)
    {
        DeadlineCaps caps = app.Services.GetRequiredService<DeadlineCaps>();
        app.Use((http, next) =>
        {
            caps.Apply(http.Request);
            return next(http);
        });
    }

    /// <summary>The service config for clients.</summary>
    public static void MapServiceConfig(this IEndpointRouteBuilder endpoints) => endpoints.MapGet(
        "/service-config.json",
        (ServiceConfig config) => Results.Text(config.ToJson(), "application/json; charset=utf-8"));

    /// <summary>Health for everyone, and reflection where it is wanted.</summary>
    public static void MapProbes(this WebApplication app)
    {
        app.MapGrpcHealthChecksService();
        if (app.Services.GetRequiredService<IOptions<EdgeOptions>>().Value.Reflection
            ?? !app.Environment.IsProduction())
        {
            app.MapGrpcReflectionService();
        }
    }

    /// <summary>
    /// Whether calls are welcome. The ports open only after the storage has, so all that remains is whether the process
    /// is on its way out.
    /// </summary>
    public static bool TakesCalls(IHostApplicationLifetime lifetime) =>
        lifetime.ApplicationStarted.IsCancellationRequested
        && !lifetime.ApplicationStopping.IsCancellationRequested;

    private static void SetPings(KestrelServerOptions kestrel, IOptions<EdgeOptions> edge)
    {
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(edge.Value.PingAfterSeconds);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(edge.Value.PingTimeoutSeconds);
    }

    // Whether a certificate is asked for is for the endpoint's settings to say; whom to believe is said here.
    private static void AcceptCouriers(KestrelServerOptions kestrel, CourierCertificates certificates)
    {
        if (certificates.IsUsed)
        {
            kestrel.ConfigureHttpsDefaults(https => https.ClientCertificateValidation = certificates.Accepts);
        }
    }

    // Callers bring bearer tokens and no cookies, so no origin needs more than to be named.
    private static void Allow(CorsPolicyBuilder policy, EdgeOptions edge) => policy
        .WithOrigins([.. edge.CorsOrigins])
        .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Patch, HttpMethods.Delete)
        .AllowAnyHeader()
        .WithExposedHeaders(
            "grpc-status", "grpc-message", "grpc-status-details-bin", "grpc-encoding", "grpc-accept-encoding")
        .SetPreflightMaxAge(PreflightAge);

    private static void SpeakForAll(GrpcHealthChecksOptions health, PolicyTable policy)
    {
        foreach (string service in policy.Methods.Select(method => method.Split('/')[1]).Distinct())
        {
            health.Services.Map(service, static _ => true);
        }
    }

    private sealed class HostCheck(IHostApplicationLifetime lifetime) : IHealthCheck
    {
        Task<HealthCheckResult> IHealthCheck.CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken)
        {
            return Task.FromResult(TakesCalls(lifetime)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("the server starts or stops"));
        }
    }
}
