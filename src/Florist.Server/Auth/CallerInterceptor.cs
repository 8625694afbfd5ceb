using Florist.Kernel;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Florist.Server.Auth;

/// <summary>
/// Finds out who calls, asks the <see cref="PolicyTable"/> whether that kind of principal may call the method at all,
/// and
/// turns what went wrong unexpectedly into a status without telling its text to the caller.
/// </summary>
internal sealed class CallerInterceptor(Tokens tokens, PolicyTable policy, ILogger<CallerInterceptor> log) : Interceptor
{
    private const string Bearer = "Bearer ";

    /// <inheritdoc/>
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        await Admit(context);
        try
        {
            TResponse response = await continuation(request, context);
            CrashPoint.Hit(CrashPoint.EdgeReply);
            return response;
        }
        catch (Exception thrown) when (Unexpected(thrown, context) is { } status)
        {
            throw status;
        }
    }

    /// <inheritdoc/>
    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await Admit(context);
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception thrown) when (Unexpected(thrown, context) is { } status)
        {
            throw status;
        }
    }

    /// <inheritdoc/>
    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await Admit(context);
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception thrown) when (Unexpected(thrown, context) is { } status)
        {
            throw status;
        }
    }

    /// <inheritdoc/>
    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await Admit(context);
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception thrown) when (Unexpected(thrown, context) is { } status)
        {
            throw status;
        }
    }

    private async ValueTask Admit(ServerCallContext context)
    {
        Caller caller = await Identify(context);
        if (!policy.Allows(context.Method, caller))
        {
            throw caller.Kind == CallerKind.Anonymous
                ? Unauthenticated("TOKEN_MISSING", "send a bearer token in the authorization metadata")
                : Fault.Denied(NotFor(caller)).ToException();
        }

        Caller.Set(context, caller);
    }

    private ValueTask<Caller> Identify(ServerCallContext context)
    {
        // The field itself: the call's metadata would have to be made of all fields first.
        if ((string?)context.GetHttpContext().Request.Headers.Authorization is not { } header)
        {
            return new ValueTask<Caller>(Caller.Anonymous);
        }

        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            throw Unauthenticated("TOKEN_INVALID", "the authorization metadata is no bearer token");
        }

        return tokens.Known(header.AsSpan(Bearer.Length).Trim()) is { } caller
            ? new ValueTask<Caller>(caller)
            : new ValueTask<Caller>(Read(header[Bearer.Length..].Trim()));
    }

    private async Task<Caller> Read(string token) => await tokens.Read(token)
        ?? throw Unauthenticated("TOKEN_INVALID", "the token is malformed, expired or not signed with our key");

    private RpcException? Unexpected(Exception thrown, ServerCallContext context)
    {
        if (thrown is RpcException || context.CancellationToken.IsCancellationRequested)
        {
            return null;
        }

        RpcException answer = FaultStatus.OfException(thrown);
        ServerLog.CallFailed(log, context.Method, answer.StatusCode, thrown);
        return answer;
    }

    private static string NotFor(Caller caller) => caller.Kind == CallerKind.Staff
        ? $"staff with the roles [{Principals.NamesOf(caller.Roles)}] may not call this method"
        : $"a {caller.Kind.ToString().ToLowerInvariant()} may not call this method";

    private static RpcException Unauthenticated(string reason, string text) =>
        FaultStatus.Make(StatusCode.Unauthenticated, reason, text);
}
