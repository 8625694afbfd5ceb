using System.Globalization;

namespace Grpc.Core;

/// <summary>The outcome of a call, as the gRPC protocol numbers it.</summary>
public enum StatusCode
{
    /// <summary>The call succeeded.</summary>
    OK = 0,

    /// <summary>The call was cancelled, usually by the caller.</summary>
    Cancelled = 1,

    /// <summary>An error that says nothing else about itself.</summary>
    Unknown = 2,

    /// <summary>The request is wrong whatever the state of the system.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed before the call ended; it may have succeeded all the same.</summary>
    DeadlineExceeded = 4,

    /// <summary>What was asked for does not exist.</summary>
    NotFound = 5,

    /// <summary>What was to be made exists already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known and may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A quota or a size limit is exceeded.</summary>
    ResourceExhausted = 8,

    /// <summary>The system is not in the state this call needs.</summary>
    FailedPrecondition = 9,

    /// <summary>A conflict with another call; retry the whole read-change-write.</summary>
    Aborted = 10,

    /// <summary>Past the valid range in the present state.</summary>
    OutOfRange = 11,

    /// <summary>The method or the feature does not exist here.</summary>
    Unimplemented = 12,

    /// <summary>A broken invariant or a broken message.</summary>
    Internal = 13,

    /// <summary>The service cannot be reached now; a retry with delay may work.</summary>
    Unavailable = 14,

    /// <summary>Data is lost or corrupt beyond recovery.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known: credentials are absent or wrong.</summary>
    Unauthenticated = 16,
}

/// <summary>A status code with a text for the developer on the other side.</summary>
public readonly struct Status
{
    /// <summary>Success without a text.</summary>
    public static readonly Status DefaultSuccess = new(StatusCode.OK, "");

    /// <summary>Cancelled without a text.</summary>
    public static readonly Status DefaultCancelled = new(StatusCode.Cancelled, "");

    private readonly string? detail;

    /// <summary>Makes a status.</summary>
    /// <param name="statusCode">The code.</param>
    /// <param name="detail">The text; it is sent to the other side.</param>
    public Status(StatusCode statusCode, string detail)
        : this(statusCode, detail, null)
    {
    }

    /// <summary>Makes a status that remembers its cause on this side.</summary>
    /// <param name="statusCode">The code.</param>
    /// <param name="detail">The text; it is sent to the other side.</param>
    /// <param name="debugException">The cause; never sent. Null when there is none.</param>
    public Status(StatusCode statusCode, string detail, Exception? debugException)
    {
        StatusCode = statusCode;
        this.detail = detail;
        DebugException = debugException;
    }

    /// <summary>The code.</summary>
    public StatusCode StatusCode { get; }

    /// <summary>The text; empty when there is none.</summary>
    public string Detail => detail ?? "";

    /// <summary>The cause on this side, never sent; null when there is none.</summary>
    public Exception? DebugException { get; }

    /// <summary>Code, text and cause for a log.</summary>
    /// <returns>Such as <c>Status(StatusCode="NotFound", Detail="no such order")</c>.</returns>
    public override string ToString() => DebugException is null
        ? string.Create(CultureInfo.InvariantCulture, $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\")")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\", DebugException=\"{DebugException}\")");
}

/// <summary>A call that ended, or is to end, with a status other than OK.</summary>
public class RpcException : Exception
{
    /// <summary>Makes the exception for a status.</summary>
    /// <param name="status">How the call ends.</param>
    public RpcException(Status status)
        : this(status, Metadata.Empty, status.ToString())
    {
    }

    /// <summary>Makes the exception for a status, with a message of its own.</summary>
    /// <param name="status">How the call ends.</param>
    /// <param name="message">The exception's message; not sent.</param>
    public RpcException(Status status, string message)
        : this(status, Metadata.Empty, message)
    {
    }

    /// <summary>Makes the exception for a status with trailers.</summary>
    /// <param name="status">How the call ends.</param>
    /// <param name="trailers">Sent with the status.</param>
    public RpcException(Status status, Metadata trailers)
        : this(status, trailers, status.ToString())
    {
    }

    /// <summary>Makes the exception for a status with trailers and a message of its own.</summary>
    /// <param name="status">How the call ends.</param>
    /// <param name="trailers">Sent with the status.</param>
    /// <param name="message">The exception's message; not sent.</param>
    /// <exception cref="ArgumentNullException"><paramref name="trailers"/> is null.</exception>
    public RpcException(Status status, Metadata trailers, string message)
        : base(message, status.DebugException)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        Status = status;
        Trailers = trailers;
    }

    /// <summary>How the call ended.</summary>
    public Status Status { get; }

    /// <summary>The code of <see cref="Status"/>.</summary>
    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>Trailers that came, or go, with the status.</summary>
    public Metadata Trailers { get; }
}
