using Grpc.Core;

namespace Florist.Client.Example;

/// <summary>When a call is made again.</summary>
internal static class Repeats
{
    private const int AttemptsMax = 4;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Calls, and calls again where that can help. Only for reads and for changes with a request id: the server answers
    /// a repeat with what it answered first. gRPC has no deadline of its own, so each attempt gets one.
    /// </summary>
    public static async Task<T> Repeat<T>(Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellation)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                CallOptions options = new(deadline: DateTime.UtcNow + Deadline, cancellationToken: cancellation);
                using AsyncUnaryCall<T> made = call(options);
                return await made.ResponseAsync;
            }
            catch (RpcException thrown)
                when (Refusal.Of(thrown) is { Passes: true } && attempt + 1 < AttemptsMax)
            {
                await Task.Delay(Pause(Refusal.Of(thrown).RetryAfter, attempt), cancellation);
            }
        }
    }

    /// <summary>Anything up to a limit that doubles ("full jitter"), after what the server asked for.</summary>
    public static TimeSpan Pause(TimeSpan? told, int attempt)
    {
        double limit = Math.Min(PauseMax.TotalSeconds, FirstPause.TotalSeconds * Math.Pow(2, attempt));
        return (told ?? TimeSpan.Zero) + TimeSpan.FromSeconds(Random.Shared.NextDouble() * limit);
    }
}
