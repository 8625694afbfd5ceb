using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Orleans.Runtime;
using Orleans.Storage;
using Status = Google.Rpc.Status;

namespace Florist.Kernel;

/// <summary>
/// The one place that turns a <see cref="Fault"/> into a gRPC status with details (AIP-193): ErrorInfo always,
/// BadRequest for fields, PreconditionFailure for state, QuotaFailure and RetryInfo for limits, ResourceInfo for what
/// is missing.
/// </summary>
public static class FaultStatus
{
    /// <summary>The domain of every ErrorInfo.</summary>
    public const string Domain = "florist";

    /// <summary>The trailer that carries the details.</summary>
    public const string DetailsTrailer = "grpc-status-details-bin";

    // Trailers travel in headers that proxies cap at 8 KB; half of it is left for others.
    private const int DetailsBytesMax = 4096;
    private const int TextLengthMax = 1000;
    private static readonly TimeSpan RetrySoon = TimeSpan.FromSeconds(1);

    /// <summary>The value, or the refusal as the exception that ends the call.</summary>
    /// <exception cref="RpcException">The outcome is a fault.</exception>
    public static T OrThrow<T>(this Outcome<T> outcome) =>
        outcome.Failed(out Fault? fault, out T? value) ? throw fault.ToException() : value;

    /// <summary>The exception that ends a call with this fault.</summary>
    public static RpcException ToException(this Fault fault) => Thrown(fault.ToStatus());

    /// <summary>
    /// The exception that ends a call for something that is nobody's fault: a limit of the machine, an outcome that
    /// is not
    /// known, a bug. The text of <paramref name="thrown"/> stays inside; only what helps the caller to go on is said.
    /// </summary>
    public static RpcException OfException(Exception thrown) => thrown switch
    {
        StorageOverloadedException => Make(
            StatusCode.ResourceExhausted, "OVERLOADED", "too much to write at once; try again shortly", RetrySoon),
        LimitExceededException => Make(
            StatusCode.ResourceExhausted, "OVERLOADED", "too many calls at once; try again shortly", RetrySoon),
        // An output gate drops its grain with this, whatever broke it: the cause is what the caller can act on.
        InconsistentStateException { InnerException: OrleansException cause } => OfException(cause),
        InconsistentStateException => Make(
            StatusCode.Aborted, "CONCURRENT_CHANGE", "changed by someone else at the same time; try again"),
        // A silo gives a call up with a cancellation when the time for its answer passes before it finds the grain.
        TimeoutException or OperationCanceledException or StorageOutcomeUnknownException => Make(
            StatusCode.Unavailable, "OUTCOME_UNKNOWN", "no answer in time; repeat with the same request id"),
        OrleansException => Make(
            StatusCode.Unavailable,
                "UNAVAILABLE", "cannot be answered now; repeat with the same request id", RetrySoon),
        _ => Make(StatusCode.Internal, "INTERNAL", "something went wrong here; the error is logged"),
    };

    /// <summary>A status that no fault has, with its ErrorInfo.</summary>
    public static RpcException Make(StatusCode code, string reason, string text, TimeSpan? retryAfter = null)
    {
        Status status = new() { Code = (int)code, Message = text };
        status.Details.Add(Any.Pack(new ErrorInfo { Reason = reason, Domain = Domain }));
        if (retryAfter is { } wait)
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(wait) }));
        }

        return Thrown(status);
    }

    /// <summary>The gRPC code of a kind of fault.</summary>
    public static StatusCode CodeOf(FaultKind kind) => kind switch
    {
        FaultKind.Invalid => StatusCode.InvalidArgument,
        FaultKind.NotFound => StatusCode.NotFound,
        FaultKind.Denied => StatusCode.PermissionDenied,
        FaultKind.Exists => StatusCode.AlreadyExists,
        FaultKind.Refused => StatusCode.FailedPrecondition,
        FaultKind.Stale => StatusCode.Aborted,
        FaultKind.TooMany => StatusCode.ResourceExhausted,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "a kind of fault without a status"),
    };

    /// <summary>The fault as <c>google.rpc.Status</c>, for a stream that answers item by item.</summary>
    public static Status ToStatus(this Fault fault)
    {
        Status status = new() { Code = (int)CodeOf(fault.Kind), Message = Shortened(fault.Text) };
        ErrorInfo info = new() { Reason = fault.Reason, Domain = Domain };
        foreach ((string key, string value) in fault.Values)
        {
            info.Metadata[key] = Shortened(value);
        }

        status.Details.Add(Any.Pack(info));
        AddDetail(status, fault);
        if (fault.RetryAfter is { } wait)
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(wait) }));
        }

        if (!fault.Fields.IsEmpty)
        {
            AddFields(status, fault, info);
        }

        return status;
    }

    private static RpcException Thrown(Status status) => new(
        new Grpc.Core.Status((StatusCode)status.Code, status.Message),
        new Metadata { { DetailsTrailer, status.ToByteArray() } });

    private static void AddDetail(Status status, Fault fault)
    {
        IMessage? detail = fault.Kind switch
        {
            FaultKind.Refused => new PreconditionFailure
            {
                Violations =
                {
                    new PreconditionFailure.Types.Violation
                    {
                        Type = fault.Reason,
                        Subject = fault.Values.GetValueOrDefault("name", ""),
                        Description = Shortened(fault.Text),
                    },
                },
            },
            FaultKind.TooMany => new QuotaFailure
            {
                Violations =
                {
                    new QuotaFailure.Types.Violation { Subject = fault.Reason, Description = Shortened(fault.Text) },
                },
            },
            FaultKind.NotFound or FaultKind.Exists => new ResourceInfo
            {
                ResourceName = fault.Values.GetValueOrDefault("name", ""),
                Description = Shortened(fault.Text),
            },
            _ => null,
        };
        if (detail is not null)
        {
            status.Details.Add(Any.Pack(detail));
        }
    }

    // As many fields as fit; how many were left out is said in the metadata.
    private static void AddFields(Status status, Fault fault, ErrorInfo info)
    {
        BadRequest bad = new();
        int room = DetailsBytesMax - status.CalculateSize();
        foreach (FieldFault field in fault.Fields)
        {
            BadRequest.Types.FieldViolation violation = new()
            {
                Field = field.Field,
                Description = Shortened(field.Text),
                Reason = field.Reason,
            };
            room -= violation.CalculateSize() + 4;
            if (room < 0)
            {
                info.Metadata["fieldsLeftOut"] = (fault.Fields.Length - bad.FieldViolations.Count)
                    .ToString(System.Globalization.CultureInfo.InvariantCulture);
                status.Details[0] = Any.Pack(info);
                break;
            }

            bad.FieldViolations.Add(violation);
        }

        status.Details.Add(Any.Pack(bad));
    }

    private static string Shortened(string text) => text.Length <= TextLengthMax ? text : text[..TextLengthMax] + "…";
}
