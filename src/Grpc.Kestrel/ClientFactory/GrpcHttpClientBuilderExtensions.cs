using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Grpc.Net.ClientFactory;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Continues the registration of a gRPC client.</summary>
public static class GrpcHttpClientBuilderExtensions
{
    /// <summary>Changes the settings of the client's channel.</summary>
    /// <param name="builder">The registration.</param>
    /// <param name="configureChannel">Changes the settings.</param>
    /// <returns>The registration.</returns>
    public static IHttpClientBuilder ConfigureChannel(
        this IHttpClientBuilder builder, Action<IServiceProvider, GrpcChannelOptions> configureChannel)
    {
        ArgumentNullException.ThrowIfNull(configureChannel);
        return builder.Change((options, services) => options.ChannelOptionsActions.Add(
            channel => configureChannel(services, channel)));
    }

    /// <summary>Changes the settings of the client's channel.</summary>
    /// <param name="builder">The registration.</param>
    /// <param name="configureChannel">Changes the settings.</param>
    /// <returns>The registration.</returns>
    public static IHttpClientBuilder ConfigureChannel(
        this IHttpClientBuilder builder, Action<GrpcChannelOptions> configureChannel)
    {
        ArgumentNullException.ThrowIfNull(configureChannel);
        return builder.Change((options, _) => options.ChannelOptionsActions.Add(configureChannel));
    }

    /// <summary>Adds an interceptor around all calls of the channel.</summary>
    /// <param name="builder">The registration.</param>
    /// <param name="configureInvoker">Makes the interceptor.</param>
    /// <returns>The registration.</returns>
    public static IHttpClientBuilder AddInterceptor(
        this IHttpClientBuilder builder, Func<IServiceProvider, Interceptor> configureInvoker) =>
        builder.AddInterceptor(InterceptorScope.Channel, configureInvoker);

    /// <summary>Adds an interceptor.</summary>
    /// <param name="builder">The registration.</param>
    /// <param name="scope">For how long it lives.</param>
    /// <param name="configureInvoker">Makes the interceptor.</param>
    /// <returns>The registration.</returns>
    public static IHttpClientBuilder AddInterceptor(
        this IHttpClientBuilder builder, InterceptorScope scope, Func<IServiceProvider, Interceptor> configureInvoker)
    {
        ArgumentNullException.ThrowIfNull(configureInvoker);
        return builder.Change((options, _) => options.InterceptorRegistrations.Add(new(scope, configureInvoker)));
    }

    /// <summary>Adds an interceptor around all calls of the channel.</summary>
    /// <param name="builder">The registration.</param>
    /// <param name="configureInvoker">Makes the interceptor.</param>
    /// <returns>The registration.</returns>
    public static IHttpClientBuilder AddInterceptor(
        this IHttpClientBuilder builder, Func<Interceptor> configureInvoker) =>
        builder.AddInterceptor(InterceptorScope.Channel, configureInvoker);

    /// <summary>Adds an interceptor.</summary>
    /// <param name="builder">The registration.</param>
    /// <param name="scope">For how long it lives.</param>
    /// <param name="configureInvoker">Makes the interceptor.</param>
    /// <returns>The registration.</returns>
    public static IHttpClientBuilder AddInterceptor(
        this IHttpClientBuilder builder, InterceptorScope scope, Func<Interceptor> configureInvoker)
    {
        ArgumentNullException.ThrowIfNull(configureInvoker);
        return builder.AddInterceptor(scope, _ => configureInvoker());
    }

    /// <summary>Adds an interceptor around all calls of the channel.</summary>
    /// <typeparam name="TInterceptor">Its type, registered among the application's services.</typeparam>
    /// <param name="builder">The registration.</param>
    /// <returns>The registration.</returns>
    public static IHttpClientBuilder AddInterceptor<TInterceptor>(this IHttpClientBuilder builder)
        where TInterceptor : Interceptor => builder.AddInterceptor<TInterceptor>(InterceptorScope.Channel);

    /// <summary>Adds an interceptor.</summary>
    /// <typeparam name="TInterceptor">Its type, registered among the application's services.</typeparam>
    /// <param name="builder">The registration.</param>
    /// <param name="scope">For how long it lives.</param>
    /// <returns>The registration.</returns>
    public static IHttpClientBuilder AddInterceptor<TInterceptor>(
        this IHttpClientBuilder builder, InterceptorScope scope)
        where TInterceptor : Interceptor =>
        builder.AddInterceptor(scope, static services => services.GetRequiredService<TInterceptor>());

    /// <summary>Adds credentials to each call.</summary>
    /// <param name="builder">The registration.</param>
    /// <param name="authInterceptor">Adds metadata that proves who calls.</param>
    /// <returns>The registration.</returns>
    public static IHttpClientBuilder AddCallCredentials(
        this IHttpClientBuilder builder, Func<AuthInterceptorContext, Metadata, Task> authInterceptor)
    {
        ArgumentNullException.ThrowIfNull(authInterceptor);
        return builder.AddCallCredentials(
            CallCredentials.FromInterceptor((context, metadata) => authInterceptor(context, metadata)));
    }

    /// <summary>Adds credentials to each call.</summary>
    /// <param name="builder">The registration.</param>
    /// <param name="authInterceptor">Adds metadata that proves who calls, with the services of the client.</param>
    /// <returns>The registration.</returns>
    public static IHttpClientBuilder AddCallCredentials(
        this IHttpClientBuilder builder,
        Func<AuthInterceptorContext, Metadata, IServiceProvider, Task> authInterceptor)
    {
        ArgumentNullException.ThrowIfNull(authInterceptor);
        return builder.Change((options, _) => options.CallOptionsActions.Add(call => Add(
            call,
            CallCredentials.FromInterceptor(
                (context, metadata) => authInterceptor(context, metadata, call.ServiceProvider)))));
    }

    /// <summary>Adds credentials to each call.</summary>
    /// <param name="builder">The registration.</param>
    /// <param name="credentials">Prove who calls.</param>
    /// <returns>The registration.</returns>
    public static IHttpClientBuilder AddCallCredentials(this IHttpClientBuilder builder, CallCredentials credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        return builder.Change((options, _) => options.CallOptionsActions.Add(call => Add(call, credentials)));
    }

    /// <summary>Makes the client in a way of its own.</summary>
    /// <param name="builder">The registration.</param>
    /// <param name="configureCreator">Makes the client over an invoker.</param>
    /// <returns>The registration.</returns>
    public static IHttpClientBuilder ConfigureGrpcClientCreator(
        this IHttpClientBuilder builder, Func<IServiceProvider, CallInvoker, object> configureCreator)
    {
        ArgumentNullException.ThrowIfNull(configureCreator);
        return builder.Change((options, services) => options.Creator = invoker => configureCreator(services, invoker));
    }

    /// <summary>Makes the client in a way of its own.</summary>
    /// <param name="builder">The registration.</param>
    /// <param name="configureCreator">Makes the client over an invoker.</param>
    /// <returns>The registration.</returns>
    public static IHttpClientBuilder ConfigureGrpcClientCreator(
        this IHttpClientBuilder builder, Func<CallInvoker, object> configureCreator)
    {
        ArgumentNullException.ThrowIfNull(configureCreator);
        return builder.Change((options, _) => options.Creator = configureCreator);
    }

    internal static IHttpClientBuilder Change(
        this IHttpClientBuilder builder, Action<GrpcClientFactoryOptions, IServiceProvider> change)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<GrpcClientFactoryOptions>(builder.Name).Configure(change);
        return builder;
    }

    private static void Add(CallOptionsContext call, CallCredentials credentials) =>
        call.CallOptions = call.CallOptions.WithCredentials(call.CallOptions.Credentials is { } own
            ? CallCredentials.Compose(own, credentials)
            : credentials);
}
