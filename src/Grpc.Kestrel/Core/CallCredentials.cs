namespace Grpc.Core;

/// <summary>Adds metadata to a call that proves who makes it.</summary>
/// <param name="context">The call.</param>
/// <param name="metadata">Receives the proof.</param>
/// <returns>Completes when the proof is added.</returns>
public delegate Task AsyncAuthInterceptor(AuthInterceptorContext context, Metadata metadata);

/// <summary>The call for which credentials are asked.</summary>
public class AuthInterceptorContext
{
    /// <summary>Describes a call.</summary>
    /// <param name="serviceUrl">Address of the service.</param>
    /// <param name="methodName">Name of the method.</param>
    public AuthInterceptorContext(string serviceUrl, string methodName)
        : this(serviceUrl, methodName, CancellationToken.None)
    {
    }

    /// <summary>Describes a call.</summary>
    /// <param name="serviceUrl">Address of the service.</param>
    /// <param name="methodName">Name of the method.</param>
    /// <param name="cancellationToken">Fires when the call no longer needs credentials.</param>
    public AuthInterceptorContext(string serviceUrl, string methodName, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(serviceUrl);
        ArgumentNullException.ThrowIfNull(methodName);
        ServiceUrl = serviceUrl;
        MethodName = methodName;
        CancellationToken = cancellationToken;
    }

    /// <summary>Address of the service.</summary>
    public string ServiceUrl { get; }

    /// <summary>Name of the method.</summary>
    public string MethodName { get; }

    /// <summary>Fires when the call no longer needs credentials.</summary>
    public CancellationToken CancellationToken { get; }
}

/// <summary>Proves for each call who makes it.</summary>
public abstract class CallCredentials
{
    /// <summary>For derived classes.</summary>
    protected CallCredentials()
    {
    }

    /// <summary>Applies several credentials, in order.</summary>
    /// <param name="credentials">Two or more credentials.</param>
    /// <returns>The composite.</returns>
    /// <exception cref="ArgumentException">There are fewer than two.</exception>
    public static CallCredentials Compose(params CallCredentials[] credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        return credentials.Length >= 2
            ? new CompositeCallCredentials([.. credentials])
            : throw new ArgumentException("Composite credentials need two or more parts.", nameof(credentials));
    }

    /// <summary>Credentials that a function adds to the metadata.</summary>
    /// <param name="interceptor">The function.</param>
    /// <returns>The credentials.</returns>
    public static CallCredentials FromInterceptor(AsyncAuthInterceptor interceptor)
    {
        ArgumentNullException.ThrowIfNull(interceptor);
        return new InterceptorCallCredentials(interceptor);
    }

    /// <summary>Tells a configurator what these credentials are. For implementers of channels.</summary>
    /// <param name="configurator">The configurator.</param>
    /// <param name="state">Passed on to the configurator.</param>
    public abstract void InternalPopulateConfiguration(CallCredentialsConfiguratorBase configurator, object? state);

    private sealed class CompositeCallCredentials(IReadOnlyList<CallCredentials> parts) : CallCredentials
    {
        public override void InternalPopulateConfiguration(
            CallCredentialsConfiguratorBase configurator, object? state) =>
            configurator.SetCompositeCredentials(state, parts);
    }

    private sealed class InterceptorCallCredentials(AsyncAuthInterceptor interceptor) : CallCredentials
    {
        public override void InternalPopulateConfiguration(
            CallCredentialsConfiguratorBase configurator, object? state) =>
            configurator.SetAsyncAuthInterceptorCredentials(state, interceptor);
    }
}

/// <summary>Is told by <see cref="CallCredentials"/> what they are. For implementers of channels.</summary>
public abstract class CallCredentialsConfiguratorBase
{
    /// <summary>For derived classes.</summary>
    protected CallCredentialsConfiguratorBase()
    {
    }

    /// <summary>The credentials are composite.</summary>
    /// <param name="state">As passed in.</param>
    /// <param name="credentials">The parts, in order.</param>
    public abstract void SetCompositeCredentials(object? state, IReadOnlyList<CallCredentials> credentials);

    /// <summary>The credentials are a function.</summary>
    /// <param name="state">As passed in.</param>
    /// <param name="interceptor">The function.</param>
    public abstract void SetAsyncAuthInterceptorCredentials(object? state, AsyncAuthInterceptor interceptor);
}
