using System.Diagnostics;
using Florist.Audit;
using Florist.Kernel;
using Google.Protobuf;
using Grpc.Core;

namespace Florist.Server.Auth;

/// <summary>
/// Says which calls leave an entry in the audit trail: those of staff, and of systems that ask for staff, that answer
/// with personal data.
/// </summary>
internal sealed class AuditRecorder(IAuditTrail trail, IIds ids, ILogger<AuditRecorder> log)
{
    /// <summary>Names the member of the staff for whom a system asks, as <c>staff:anna</c>.</summary>
    public const string OnBehalfOfField = "x-florist-on-behalf-of";

    /// <summary>Says why the caller looks.</summary>
    public const string ReasonField = "x-florist-reason";

    /// <summary>The caller's own name of the request.</summary>
    public const string RequestIdField = "x-request-id";

    /// <summary>The entry that this call has to leave; null when it leaves none.</summary>
    /// <exception cref="RpcException">The call names for whom it asks, and that is nobody.</exception>
    public CallAudit? Of(ServerCallContext context, Caller caller, MethodPolicy? policy, IMessage? request)
    {
        if (policy is not { Data: Data.Personal })
        {
            return null;
        }

        return caller.Kind switch
        {
            CallerKind.Staff => new CallAudit(this, context, caller, null, request),
            CallerKind.Service when OnBehalfOf(context) is { } staff =>
                new CallAudit(this, context, caller, staff, request),
            _ => null,
        };
    }

    /// <summary>Makes the entry durable.</summary>
    public Task Append(AuditEntry entry) => trail.Append(entry with
    {
        Id = ids.Next(),

        // When somebody looked is a fact of this world, whatever a sandbox has its clock show.
        MadeAt = TimeProvider.System.GetUtcNow(),
    });

    /// <summary>Makes the entry of a refused call durable, or else says in the log that it could not be.</summary>
    public async Task AppendRefused(AuditEntry entry)
    {
        try
        {
            await Append(entry);
        }
        catch (Exception failed)
        {
            // Nothing was shown to anybody, so that the caller gets the refusal and not this.
            ServerLog.NotAudited(log, entry.Method, entry.Principal, entry.Status, failed);
        }
    }

    private static string? OnBehalfOf(ServerCallContext context)
    {
        string staff = context.GetHttpContext().Request.Headers[OnBehalfOfField].ToString();
        if (staff.Length == 0)
        {
            return null;
        }

        return Principals.TryParse(staff, out Caller? named) && named is { Kind: CallerKind.Staff, Id.Length: > 0 }
            ? named.Principal
            : throw Fault.Invalid(OnBehalfOfField, "ON_BEHALF_OF_INVALID", "is not of the form staff:LOGIN")
                .ToException();
    }
}

/// <summary>
/// The one entry of one call. It is made when the first answer is ready, or when the call has failed.
/// </summary>
internal sealed class CallAudit(
    AuditRecorder recorder, ServerCallContext context, Caller caller, string? onBehalfOf, IMessage? request)
{
    private const int ReasonLengthMax = 500;
    private const int RequestIdLengthMax = 128;

    private bool isMade;

    /// <summary>To be awaited before an answer leaves; does something for the first one only.</summary>
    public Task Answered(object answer)
    {
        if (isMade)
        {
            return Task.CompletedTask;
        }

        isMade = true;
        return recorder.Append(Entry(StatusCode.OK, answer as IMessage));
    }

    /// <summary>To be awaited when the call ends without an answer.</summary>
    public Task Ended(StatusCode status)
    {
        if (isMade)
        {
            return Task.CompletedTask;
        }

        isMade = true;
        return recorder.AppendRefused(Entry(status, null));
    }

    private AuditEntry Entry(StatusCode status, IMessage? answer)
    {
        HttpContext http = context.GetHttpContext();
        string reason = http.Request.Headers[AuditRecorder.ReasonField].ToString();
        return new AuditEntry
        {
            Principal = caller.Principal,
            Roles = caller.Roles == StaffRoles.None ? [] : [.. Principals.NamesOf(caller.Roles).Split(',')],
            OnBehalfOf = onBehalfOf,
            Method = context.Method[1..],
            Resources = AuditSubjects.NamesOf(request, answer),
            Filter = AuditSubjects.FilterOf(request),
            Status = NameOf(status),
            Reason = reason.Length == 0 ? null : AuditSubjects.Clean(reason, ReasonLengthMax),
            RequestId = AuditSubjects.Clean(RequestIdOf(http), RequestIdLengthMax),
            Address = http.Connection.RemoteIpAddress?.ToString() ?? "",
        };
    }

    private static string RequestIdOf(HttpContext http) =>
        http.Request.Headers[AuditRecorder.RequestIdField].ToString() is { Length: > 0 } named
            ? named
            : Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;

    // As google.rpc.Code spells it.
    private static string NameOf(StatusCode status) => status == StatusCode.OK
        ? "OK"
        : string.Concat(status.ToString().Select((c, i) => char.IsAsciiLetterUpper(c) && i > 0 ? $"_{c}" : $"{c}"))
            .ToUpperInvariant();
}

/// <summary>Answers of a stream, of which the first one waits for the entry in the audit trail.</summary>
internal sealed class AuditedStream<T>(IServerStreamWriter<T> stream, CallAudit audit) : IServerStreamWriter<T>
    where T : class
{
    /// <inheritdoc/>
    public WriteOptions? WriteOptions
    {
        get => stream.WriteOptions;
        set => stream.WriteOptions = value;
    }

    /// <inheritdoc/>
    Task IAsyncStreamWriter<T>.WriteAsync(T message) => Write(message, CancellationToken.None);

    /// <inheritdoc/>
    Task IAsyncStreamWriter<T>.WriteAsync(T message, CancellationToken cancellationToken) =>
        Write(message, cancellationToken);

    private async Task Write(T message, CancellationToken cancellationToken)
    {
        await audit.Answered(message);
        await stream.WriteAsync(message, cancellationToken);
    }
}
