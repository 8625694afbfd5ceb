using Grpc.AspNetCore.HealthChecks;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.Kestrel.Health;

/// <summary>The health service of gRPC over the health checks of the application.</summary>
internal sealed class HealthChecksService(
    HealthServiceImpl states,
    HealthCheckService checks,
    IOptions<GrpcHealthChecksOptions> options,
    IHostApplicationLifetime lifetime) : Grpc.Health.V1.Health.HealthBase
{
    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        if (options.Value.UseHealthChecksCache)
        {
            return await states.Check(request, context).ConfigureAwait(false);
        }

        ServiceMapping mapping = options.Value.Services.Find(request.Service)
            ?? throw HealthServiceImpl.UnknownService();
        return new HealthCheckResponse { Status = await Run(mapping, context.CancellationToken).ConfigureAwait(false) };
    }

    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        if (!options.Value.UseHealthChecksCache
            && options.Value.Services.Find(request.Service) is ServiceMapping mapping)
        {
            // Whoever begins to watch learns the state of now, not that of the last periodic run.
            states.SetStatus(request.Service, await Run(mapping, context.CancellationToken).ConfigureAwait(false));
        }

        if (options.Value.SuppressCompletionOnShutdown)
        {
            await states.Watch(request, responseStream, context).ConfigureAwait(false);
            return;
        }

        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken, lifetime.ApplicationStopping);
        await states.Watch(request.Service, responseStream, end.Token).ConfigureAwait(false);
        if (lifetime.ApplicationStopping.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            await responseStream.WriteAsync(new HealthCheckResponse { Status = ServingStatus.NotServing })
                .ConfigureAwait(false);
        }
    }

    /// <summary>What a report says of a service.</summary>
    public static ServingStatus StatusIn(HealthReport report, ServiceMapping mapping)
    {
        foreach ((string name, HealthReportEntry entry) in report.Entries)
        {
            if (entry.Status == HealthStatus.Unhealthy && Concerns(mapping, name, entry))
            {
                return ServingStatus.NotServing;
            }
        }

        return ServingStatus.Serving;
    }

    private static bool Concerns(ServiceMapping mapping, string name, in HealthReportEntry entry) =>
        mapping.HealthCheckPredicate is { } ofCheck
            ? ofCheck(new HealthCheckMapContext(name, entry.Tags))
            : mapping.Predicate?.Invoke(new HealthResult(
                name, entry.Tags, entry.Status, entry.Description, entry.Duration, entry.Exception, entry.Data))
            ?? true;

    private async Task<ServingStatus> Run(ServiceMapping mapping, CancellationToken cancellationToken)
    {
        Func<HealthCheckRegistration, bool>? chosen = mapping.HealthCheckPredicate is { } ofCheck
            ? registration => ofCheck(new HealthCheckMapContext(registration.Name, registration.Tags))
            : null;
        return StatusIn(await checks.CheckHealthAsync(chosen, cancellationToken).ConfigureAwait(false), mapping);
    }
}

/// <summary>Takes the results of the periodic runs over into the states that are watched.</summary>
internal sealed class HealthStatesPublisher(HealthServiceImpl states, IOptions<GrpcHealthChecksOptions> options)
    : IHealthCheckPublisher
{
    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        foreach (ServiceMapping mapping in options.Value.Services)
        {
            states.SetStatus(mapping.Name, HealthChecksService.StatusIn(report, mapping));
        }

        return Task.CompletedTask;
    }
}
