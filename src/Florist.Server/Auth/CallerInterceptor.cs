using System.Security.Cryptography.X509Certificates;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Server.Telemetry;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Florist.Server.Auth;

/// <summary>
/// Finds out who calls, asks the <see cref="PolicyTable"/> whether that principal may call the method at all and
/// <see cref="RateLimits"/> whether now, has staff's reads of personal data noted, and turns what went wrong
/// unexpectedly into a status without telling its text to the caller.
/// </summary>
internal sealed class CallerInterceptor(
    Tokens tokens,
    CourierKeys keys,
    CourierCertificates certificates,
    PolicyTable policies,
    RateLimits limits,
    AuditRecorder recorder,
    ILogger<CallerInterceptor> log) : Interceptor
{
    private const string Bearer = "Bearer ";

    /// <inheritdoc/>
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        CallAudit? audit = await Admit(context, request);
        try
        {
            TResponse response = await continuation(request, context);
            if (audit is not null)
            {
                await audit.Answered(response);
            }

            CrashPoint.Hit(CrashPoint.EdgeReply);
            return response;
        }
        catch (Exception thrown)
        {
            if (await Ended(thrown, context, audit) is { } status)
            {
                throw status;
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        CallAudit? audit = await Admit(context, null);
        try
        {
            TResponse response = await continuation(requestStream, context);
            if (audit is not null)
            {
                await audit.Answered(response);
            }

            return response;
        }
        catch (Exception thrown)
        {
            if (await Ended(thrown, context, audit) is { } status)
            {
                throw status;
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        CallAudit? audit = await Admit(context, request);
        try
        {
            await continuation(request, Noted(responseStream, audit), context);
            await (audit?.Ended(StatusCode.OK) ?? Task.CompletedTask);
        }
        catch (Exception thrown)
        {
            if (await Ended(thrown, context, audit) is { } status)
            {
                throw status;
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        CallAudit? audit = await Admit(context, null);
        try
        {
            await continuation(requestStream, Noted(responseStream, audit), context);
            await (audit?.Ended(StatusCode.OK) ?? Task.CompletedTask);
        }
        catch (Exception thrown)
        {
            if (await Ended(thrown, context, audit) is { } status)
            {
                throw status;
            }

            throw;
        }
    }

    private static IServerStreamWriter<T> Noted<T>(IServerStreamWriter<T> stream, CallAudit? audit)
        where T : class => audit is null ? stream : new AuditedStream<T>(stream, audit);

    // Completes at once for a caller whose token is known and whose calls are not noted.
    private async ValueTask<CallAudit?> Admit(ServerCallContext context, object? request)
    {
        HttpContext http = context.GetHttpContext();
        MethodPolicy? policy = policies.Find(context.Method);
        Caller caller = await Identify(http);
        if (limits.Take(caller, http.Connection.RemoteIpAddress, policy?.Pace ?? Pace.Write) is { } wait)
        {
            throw TooOften(wait);
        }

        CallAudit? audit = recorder.Of(context, caller, policy, request as IMessage);
        if (!PolicyTable.Allows(policy, caller))
        {
            await (audit?.Ended(StatusCode.PermissionDenied) ?? Task.CompletedTask);
            throw caller.Kind == CallerKind.Anonymous
                ? Unauthenticated("TOKEN_MISSING", "send a bearer token in the authorization metadata")
                : Fault.Denied(NotFor(caller)).ToException();
        }

        if (caller.Kind == CallerKind.Courier && await keys.Refusal(caller) is { } refusal)
        {
            throw refusal.ToException();
        }

        Caller.Set(context, caller);
        return audit;
    }

    private ValueTask<Caller> Identify(HttpContext http)
    {
        X509Certificate2? certificate = certificates.IsUsed ? http.Connection.ClientCertificate : null;

        // The field itself: the call's metadata would have to be made of all fields first.
        if ((string?)http.Request.Headers.Authorization is not { } header)
        {
            return new ValueTask<Caller>(certificates.CallerOf(certificate) ?? Caller.Anonymous);
        }

        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            throw Unauthenticated("TOKEN_INVALID", "the authorization metadata is no bearer token");
        }

        return tokens.Known(header.AsSpan(Bearer.Length).Trim()) is { } caller
            ? new ValueTask<Caller>(Permitted(caller, certificate))
            : new ValueTask<Caller>(Read(header[Bearer.Length..].Trim(), http, certificate));
    }

    private async Task<Caller> Read(string token, HttpContext http, X509Certificate2? certificate)
    {
        Caller? caller;
        try
        {
            caller = await (CourierKeys.Looks(token) ? keys.Read(token) : tokens.Read(token));
        }
        catch (AuthorityUnreachableException)
        {
            throw FaultStatus.Make(
                StatusCode.Unavailable,
                "AUTHORITY_UNREACHABLE",
                "the token cannot be checked now; try again shortly",
                TimeSpan.FromSeconds(1));
        }

        if (caller is not null)
        {
            return Permitted(caller, certificate);
        }

        // Wrong tokens count as calls without one, so that guessing has a price.
        throw limits.Take(Caller.Anonymous, http.Connection.RemoteIpAddress, Pace.Write) is { } wait
            ? TooOften(wait)
            : Unauthenticated("TOKEN_INVALID", "the token is malformed, expired or not signed with a key we believe");
    }

    private Caller Permitted(Caller caller, X509Certificate2? certificate) =>
        !certificates.IsUsed || certificates.Permits(caller, certificate)
            ? caller
            : throw Unauthenticated("CERTIFICATE_REQUIRED", "this courier's token needs the courier's certificate");

    private async Task<RpcException?> Ended(Exception thrown, ServerCallContext context, CallAudit? audit)
    {
        RpcException? status = Unexpected(thrown, context);
        if (audit is not null)
        {
            await audit.Ended((status ?? thrown as RpcException)?.StatusCode ?? StatusCode.Cancelled);
        }

        return status;
    }

    private RpcException? Unexpected(Exception thrown, ServerCallContext context)
    {
        if (thrown is RpcException meant)
        {
            EdgeMeter.Failed(meant.StatusCode);
            return null;
        }

        if (context.CancellationToken.IsCancellationRequested)
        {
            return null;
        }

        RpcException answer = FaultStatus.OfException(thrown);
        EdgeMeter.Failed(answer.StatusCode);
        ServerLog.CallFailed(log, context.Method, answer.StatusCode, thrown);
        return answer;
    }

    private static RpcException TooOften(TimeSpan wait)
    {
        Fault fault = Fault.TooMany("RATE_LIMITED", "too many calls in too short a time; wait, then go on");
        return (fault with { RetryAfter = wait }).ToException();
    }

    private static string NotFor(Caller caller) => caller.Kind == CallerKind.Staff
        ? $"staff with the roles [{Principals.NamesOf(caller.Roles)}] may not call this method"
        : $"a {caller.Kind.ToString().ToLowerInvariant()} may not call this method";

    private static RpcException Unauthenticated(string reason, string text) =>
        FaultStatus.Make(StatusCode.Unauthenticated, reason, text);
}
