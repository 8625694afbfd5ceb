using System.Threading.Channels;
using Grpc.Core;
using Grpc.Health.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.HealthCheck;

/// <summary>
/// The health service of gRPC over states that the application sets. Safe to use from several threads.
/// </summary>
public class HealthServiceImpl : Health.V1.Health.HealthBase
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ServingStatus> statuses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Channel<ServingStatus>>> watchers = new(StringComparer.Ordinal);

    /// <summary>Makes a service that knows no state yet.</summary>
    public HealthServiceImpl()
    {
    }

    /// <summary>Sets the state of a service and tells those who watch it, if it changed.</summary>
    /// <param name="service">Full name of the service; empty for the server as a whole.</param>
    /// <param name="status">Its state.</param>
    public void SetStatus(string service, ServingStatus status)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (gate)
        {
            if (StatusOf(service) != status)
            {
                statuses[service] = status;
                Tell(service, status);
            }
        }
    }

    /// <summary>Forgets a service: it becomes unknown.</summary>
    /// <param name="service">Full name of the service.</param>
    public void ClearStatus(string service)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (gate)
        {
            if (statuses.Remove(service))
            {
                Tell(service, ServingStatus.ServiceUnknown);
            }
        }
    }

    /// <summary>Forgets all services.</summary>
    public void ClearAll()
    {
        lock (gate)
        {
            foreach (string service in statuses.Keys)
            {
                Tell(service, ServingStatus.ServiceUnknown);
            }

            statuses.Clear();
        }
    }

    /// <summary>Answers the state of a service.</summary>
    /// <param name="request">The service.</param>
    /// <param name="context">The call.</param>
    /// <returns>The state.</returns>
    /// <exception cref="RpcException">NOT_FOUND: the service is unknown.</exception>
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (gate)
        {
            return statuses.TryGetValue(request.Service, out ServingStatus status)
                ? Task.FromResult(new HealthCheckResponse { Status = status })
                : throw UnknownService();
        }
    }

    /// <summary>Sends the state of a service now and after every change, until the call is cancelled.</summary>
    /// <param name="request">The service; it may be unknown and become known later.</param>
    /// <param name="responseStream">Receives the states.</param>
    /// <param name="context">The call.</param>
    /// <returns>Completes when the call is cancelled.</returns>
    public override Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        return Watch(request.Service, responseStream, context.CancellationToken);
    }

    internal static RpcException UnknownService() => new(new Status(StatusCode.NotFound, "The service is unknown."));

    /// <summary>Sends the state now and after every change. Of several changes a slow client sees the last.</summary>
    internal async Task Watch(
        string service, IServerStreamWriter<HealthCheckResponse> responses, CancellationToken until)
    {
        Channel<ServingStatus> changes = Channel.CreateBounded<ServingStatus>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        Join(service, changes);
        try
        {
            ServingStatus? sent = null;
            await foreach (ServingStatus status in changes.Reader.ReadAllAsync(until).ConfigureAwait(false))
            {
                if (status != sent)
                {
                    await responses.WriteAsync(new HealthCheckResponse { Status = status }, CancellationToken.None)
                        .ConfigureAwait(false);
                    sent = status;
                }
            }
        }
        catch (OperationCanceledException) when (until.IsCancellationRequested)
        {
            // The only way out, since states may change for as long as the server lives.
        }
        finally
        {
            Leave(service, changes);
        }
    }

    private ServingStatus StatusOf(string service) => statuses.GetValueOrDefault(service, ServingStatus.ServiceUnknown);

    private void Join(string service, Channel<ServingStatus> changes)
    {
        lock (gate)
        {
            if (!watchers.TryGetValue(service, out List<Channel<ServingStatus>>? ofService))
            {
                watchers[service] = ofService = [];
            }

            ofService.Add(changes);
            changes.Writer.TryWrite(StatusOf(service));
        }
    }

    // Names come from clients: one that nobody watches any more must not stay.
    private void Leave(string service, Channel<ServingStatus> changes)
    {
        lock (gate)
        {
            List<Channel<ServingStatus>> ofService = watchers[service];
            ofService.Remove(changes);
            if (ofService.Count == 0)
            {
                watchers.Remove(service);
            }
        }
    }

    private void Tell(string service, ServingStatus status)
    {
        if (watchers.TryGetValue(service, out List<Channel<ServingStatus>>? ofService))
        {
            foreach (Channel<ServingStatus> changes in ofService)
            {
                changes.Writer.TryWrite(status);
            }
        }
    }
}
