using Grpc.Core;
using Grpc.Net.ClientFactory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Grpc.Kestrel.ClientFactory;

/// <summary>Which type of client each name was registered with.</summary>
internal sealed class ClientNames
{
    public Dictionary<string, Type> TypeOf { get; } = new(StringComparer.Ordinal);

    /// <summary>Notes a registration.</summary>
    /// <exception cref="InvalidOperationException">The name belongs to a client of another type.</exception>
    public void Add(string name, Type client)
    {
        if (TypeOf.TryGetValue(name, out Type? other) && other != client)
        {
            throw new InvalidOperationException(
                $"The gRPC client name '{name}' is taken by {other}; register {client} with a name of its own.");
        }

        TypeOf[name] = client;
    }
}

/// <summary>Makes clients over the channels of their names.</summary>
internal sealed class RegisteredClients(
    IServiceProvider services,
    ClientChannels channels,
    ClientNames names,
    IOptionsMonitor<GrpcClientFactoryOptions> settings) : GrpcClientFactory
{
    public override TClient CreateClient<TClient>(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!names.TypeOf.TryGetValue(name, out Type? registered))
        {
            throw new InvalidOperationException($"No gRPC client configured with name '{name}'.");
        }

        if (registered != typeof(TClient))
        {
            throw new InvalidOperationException(
                $"The gRPC client '{name}' is a {registered} and not a {typeof(TClient)}.");
        }

        GrpcClientFactoryOptions options = settings.Get(name);
        CallInvoker invoker = channels.Invoker(name);
        if (options.CallOptionsActions.Count > 0)
        {
            invoker = new ChangingCallInvoker(invoker, [.. options.CallOptionsActions], services);
        }

        invoker = Interceptions.Add(invoker, options, InterceptorScope.Client, services);
        return options.Creator is { } create
            ? (TClient)create(invoker)
            : ActivatorUtilities.CreateInstance<TClient>(services, invoker);
    }
}

/// <summary>Changes the options of each call before it is made.</summary>
internal sealed class ChangingCallInvoker(
    CallInvoker inner, IReadOnlyList<Action<CallOptionsContext>> changes, IServiceProvider services) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        inner.BlockingUnaryCall(method, host, Change(options), request);

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        inner.AsyncUnaryCall(method, host, Change(options), request);

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        inner.AsyncServerStreamingCall(method, host, Change(options), request);

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        inner.AsyncClientStreamingCall(method, host, Change(options));

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        inner.AsyncDuplexStreamingCall(method, host, Change(options));

    private CallOptions Change(CallOptions options)
    {
        CallOptionsContext context = new(options, services);
        foreach (Action<CallOptionsContext> change in changes)
        {
            change(context);
        }

        return context.CallOptions;
    }
}
