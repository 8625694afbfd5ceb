using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Grpc.Net.ClientFactory;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.Kestrel.ClientFactory;

/// <summary>The channels of registered clients, one for each name, made when they are first needed.</summary>
internal sealed class ClientChannels(
    IServiceProvider services,
    IHttpMessageHandlerFactory handlers,
    IOptionsMonitor<GrpcClientFactoryOptions> settings,
    ILoggerFactory logs) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<(GrpcChannel Channel, CallInvoker Invoker)>> made =
        new(StringComparer.Ordinal);

    public CallInvoker Invoker(string name) => made.GetOrAdd(name, Postpone).Value.Invoker;

    public void Dispose()
    {
        foreach (Lazy<(GrpcChannel Channel, CallInvoker Invoker)> entry in made.Values)
        {
            if (entry.IsValueCreated)
            {
                entry.Value.Channel.Dispose();
            }
        }
    }

    private Lazy<(GrpcChannel Channel, CallInvoker Invoker)> Postpone(string name) => new(() => Make(name));

    private (GrpcChannel Channel, CallInvoker Invoker) Make(string name)
    {
        GrpcClientFactoryOptions options = settings.Get(name);
        GrpcChannelOptions channelOptions = new() { HttpHandler = handlers.CreateHandler(name), LoggerFactory = logs };
        foreach (Action<GrpcChannelOptions> change in options.ChannelOptionsActions)
        {
            change(channelOptions);
        }

        Uri address = options.Address ?? throw new InvalidOperationException(
            $"Could not resolve the address for gRPC client '{name}'. Set it where the client is registered.");
        GrpcChannel channel = GrpcChannel.ForAddress(address, channelOptions);
        CallInvoker invoker = channel.CreateCallInvoker();
        if (options.Interceptors.Count > 0)
        {
            invoker = invoker.Intercept([.. options.Interceptors]);
        }

        return (channel, Interceptions.Add(invoker, options, InterceptorScope.Channel, services));
    }
}

/// <summary>Puts registered interceptors around an invoker.</summary>
internal static class Interceptions
{
    public static CallInvoker Add(
        CallInvoker invoker, GrpcClientFactoryOptions options, InterceptorScope scope, IServiceProvider services)
    {
        Interceptor[] ofScope =
        [
            .. options.InterceptorRegistrations.Where(registration => registration.Scope == scope)
                .Select(registration => registration.Creator(services)),
        ];
        return ofScope.Length == 0 ? invoker : invoker.Intercept(ofScope);
    }
}
