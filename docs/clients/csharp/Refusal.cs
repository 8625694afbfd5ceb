using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace Florist.Client.Example;

/// <summary>What a failed call says: switch on code and reason, show the fields, keep the text for the log.</summary>
internal sealed record Refusal
{
    private const string Trailer = "grpc-status-details-bin";

    /// <summary>The code.</summary>
    public StatusCode Code { get; private init; }

    /// <summary>The upper-case reason, as <c>PAST_CUT_OFF</c>; empty when the call did not reach the shop.</summary>
    public string Reason { get; private init; } = "";

    /// <summary>A sentence for developers.</summary>
    public string Text { get; private init; } = "";

    /// <summary>What is wrong with which field, by its path, as <c>order.card_message.text</c>.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; private init; } = new Dictionary<string, string>();

    /// <summary>After how long the server wants to see the call again; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>True when the same call may go well in a moment.</summary>
    public bool Passes => Code is StatusCode.Unavailable or StatusCode.DeadlineExceeded
        || (Code == StatusCode.ResourceExhausted && RetryAfter is not null);

    /// <summary>Reads it out of the exception that the call ended with.</summary>
    public static Refusal Of(RpcException thrown)
    {
        Refusal refusal = new() { Code = thrown.StatusCode, Text = thrown.Status.Detail };
        byte[]? bytes = thrown.Trailers.GetValueBytes(Trailer);
        Status status = bytes is null ? new Status() : Status.Parser.ParseFrom(bytes);
        return refusal with
        {
            Reason = Find<ErrorInfo>(status)?.Reason ?? "",
            Fields = (Find<BadRequest>(status)?.FieldViolations ?? [])
                .GroupBy(wrong => wrong.Field, wrong => $"{wrong.Reason}, {wrong.Description}")
                .ToDictionary(wrong => wrong.Key, wrong => string.Join("; ", wrong)),
            RetryAfter = Find<RetryInfo>(status)?.RetryDelay?.ToTimeSpan(),
        };
    }

    // Each kind of detail comes at most once.
    private static T? Find<T>(Status status)
        where T : class, IMessage<T>, new() =>
        status.Details
            .Select(detail => detail.TryUnpack(out T found) ? found : null)
            .FirstOrDefault(found => found is not null);
}
