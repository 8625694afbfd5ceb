using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace Grpc.Net.ClientFactory;

/// <summary>Settings of a registered client.</summary>
public class GrpcClientFactoryOptions
{
    /// <summary>Makes settings without an address.</summary>
    public GrpcClientFactoryOptions()
    {
    }

    /// <summary>Where the server is; required.</summary>
    public Uri? Address { get; set; }

    /// <summary>Changes to the settings of the channel.</summary>
    public IList<Action<GrpcChannelOptions>> ChannelOptionsActions { get; } = [];

    /// <summary>Changes to the options of each call.</summary>
    public IList<Action<CallOptionsContext>> CallOptionsActions { get; } = [];

    /// <summary>Interceptors around all calls of the channel, outermost first.</summary>
    public IList<Interceptor> Interceptors { get; } = [];

    /// <summary>Interceptors that are made when they are needed, outermost first.</summary>
    public IList<InterceptorRegistration> InterceptorRegistrations { get; } = [];

    /// <summary>Makes the client; null calls its constructor that takes an invoker.</summary>
    public Func<CallInvoker, object>? Creator { get; set; }
}

/// <summary>The options of a call that is about to be made.</summary>
public sealed class CallOptionsContext
{
    internal CallOptionsContext(CallOptions callOptions, IServiceProvider serviceProvider)
    {
        CallOptions = callOptions;
        ServiceProvider = serviceProvider;
    }

    /// <summary>The options; to be replaced by changed ones.</summary>
    public CallOptions CallOptions { get; set; }

    /// <summary>The services that the client was made with.</summary>
    public IServiceProvider ServiceProvider { get; }
}

/// <summary>For how long an interceptor of a client lives.</summary>
public enum InterceptorScope
{
    /// <summary>As long as the channel: all clients of the name share it.</summary>
    Channel = 0,

    /// <summary>As long as the client.</summary>
    Client = 1,
}

/// <summary>An interceptor that is made when it is needed.</summary>
public class InterceptorRegistration
{
    /// <summary>Describes an interceptor.</summary>
    /// <param name="scope">For how long it lives.</param>
    /// <param name="creator">Makes it.</param>
    public InterceptorRegistration(InterceptorScope scope, Func<IServiceProvider, Interceptor> creator)
    {
        ArgumentNullException.ThrowIfNull(creator);
        Scope = scope;
        Creator = creator;
    }

    /// <summary>For how long it lives.</summary>
    public InterceptorScope Scope { get; }

    /// <summary>Makes it.</summary>
    public Func<IServiceProvider, Interceptor> Creator { get; }
}
