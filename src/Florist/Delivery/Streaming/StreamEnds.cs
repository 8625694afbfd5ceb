using Florist.Kernel;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Florist.Delivery.Streaming;

/// <summary>
/// How a stream ends, other than well. Two of the statuses are no refusals, so no fault stands for them.
/// </summary>
internal static class StreamEnds
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public static RpcException HelloExpected(string text) =>
        Fault.Invalid("message", "HELLO_EXPECTED", text).ToException();

    public static RpcException UpdateExpected() =>
        Fault.Invalid("message", "UPDATE_EXPECTED", "after Hello comes an update or a heartbeat").ToException();

    public static RpcException SequenceInvalid() =>
        Fault.Invalid("update.sequence", "OUT_OF_RANGE", "must be 1 or more").ToException();

    public static RpcException WindowExceeded(int window)
    {
        Fault fault = Fault.TooMany("WINDOW_EXCEEDED", $"more than twice {window} updates are outstanding");
        return (fault with { RetryAfter = RetryAfter }).With("window", $"{window}").ToException();
    }

    public static RpcException Quarantined() => CourierBook.Quarantined.ToException();

    public static RpcException TokenExpired() => FaultStatus.Make(
        StatusCode.Unauthenticated, "TOKEN_EXPIRED", "the token that the stream was opened with has expired");

    public static RpcException StreamsLimit(int max)
    {
        Fault fault = Fault.TooMany("STREAMS_LIMIT", $"a courier may hold {max} streams");
        return (fault with { RetryAfter = TimeSpan.FromSeconds(30) }).With("streamsMax", $"{max}").ToException();
    }

    public static RpcException Unavailable() => Of(
        StatusCode.Unavailable, "TRY_AGAIN", "an update could not be stored; reconnect and resume");

    public static RpcException HeartbeatMissed() => Of(
        StatusCode.DeadlineExceeded, "HEARTBEAT_MISSED", "nothing came for two and a half intervals");

    private static RpcException Of(StatusCode code, string reason, string text)
    {
        Google.Rpc.Status status = new() { Code = (int)code, Message = text };
        status.Details.Add(Any.Pack(new ErrorInfo { Reason = reason, Domain = FaultStatus.Domain }));
        status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(RetryAfter) }));
        return new RpcException(
            new Grpc.Core.Status(code, text), new Metadata { { FaultStatus.DetailsTrailer, status.ToByteArray() } });
    }
}
