using Grpc.Core;
using Grpc.Kestrel.Wire;

namespace Grpc.Kestrel.Client;

/// <summary>This part ends the call: with its trailers, by cancellation, at its deadline or by a failure.</summary>
internal sealed partial class ClientCall<TResponse>
{
    // The longest wait a timer takes is 49 days; a call that may take longer is left to the server's deadline.
    private static readonly TimeSpan TimerMax = TimeSpan.FromDays(40);

    private readonly Lock ending = new();
    private CancellationTokenRegistration userCancels;
    private CancellationTokenRegistration channelEnds;
    private CancellationTokenRegistration parentEnds;
    private ITimer? deadlineTimer;
    private TimeSpan? timeout;
    private Status? status;
    private Metadata trailers = Metadata.Empty;
    private bool isLocalEnd;

    private bool HasEnded
    {
        get
        {
            lock (ending)
            {
                return status is not null;
            }
        }
    }

    public Status GetStatus()
    {
        lock (ending)
        {
            return status ?? throw new InvalidOperationException(
                "Unable to get the status because the call is not complete.");
        }
    }

    public Metadata GetTrailers()
    {
        lock (ending)
        {
            return status is not null ? trailers : throw new InvalidOperationException(
                "Can't get the call trailers because the call has not completed successfully.");
        }
    }

    /// <summary>Cancels the call if it has not ended.</summary>
    public void Cancel() => EndLocally(new Status(StatusCode.Cancelled, "Call canceled by the client."));

    public void Dispose() => EndLocally(new Status(StatusCode.Cancelled, "gRPC call disposed."));

    private void ArmEnds()
    {
        userCancels = Options.CancellationToken.UnsafeRegister(
            static call => ((ClientCall<TResponse>?)call)?.Cancel(), this);
        channelEnds = channel.Shutdown.UnsafeRegister(
            static call => ((ClientCall<TResponse>?)call)?.Dispose(), this);
        if (Options.PropagationToken is CallPropagationToken parent)
        {
            parentEnds = parent.CancellationToken.UnsafeRegister(
                static call => ((ClientCall<TResponse>?)call)?.Cancel(), this);
        }

        if (Options.Deadline is not DateTime deadline || deadline == DateTime.MaxValue)
        {
            return;
        }

        TimeSpan left = deadline - TimeProvider.System.GetUtcNow().UtcDateTime;
        timeout = left;
        if (left <= TimeSpan.Zero)
        {
            Expire();
        }
        else if (left < TimerMax)
        {
            deadlineTimer = TimeProvider.System.CreateTimer(
                static call => ((ClientCall<TResponse>?)call)?.Expire(),
                this,
                TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)),
                Timeout.InfiniteTimeSpan);
        }
    }

    private void Expire() => EndLocally(new Status(StatusCode.DeadlineExceeded, ""));

    private void EndLocally(Status reason)
    {
        lock (ending)
        {
            if (status is not null)
            {
                return;
            }

            isLocalEnd = true;
        }

        End(reason, Metadata.Empty);
    }

    // The first end counts. A response that has not been read to its end is given up, which resets the stream.
    private void End(Status final, Metadata finalTrailers)
    {
        lock (ending)
        {
            if (status is not null)
            {
                return;
            }

            status = final;
            trailers = finalTrailers;
        }

        if (headers.TrySetException(new RpcException(final, finalTrailers)))
        {
            // Nobody has to ask for the headers of a call that failed.
            _ = headers.Task.Exception;
        }

        if (final.StatusCode != StatusCode.OK)
        {
            ClientLog.Failed(channel.Log, method.FullName, final.StatusCode, final.DebugException);
        }

        Release();
    }

    private void Release()
    {
        userCancels.Unregister();
        channelEnds.Unregister();
        parentEnds.Unregister();
        deadlineTimer?.Dispose();
        cancellation.Cancel();
        (request?.Content as RequestStreamContent)?.Abandon();
        response?.Dispose();
        request?.Dispose();
    }

    private void Fail(Exception error)
    {
        if (error is RpcException refusal)
        {
            End(refusal.Status, refusal.Trailers);
        }
        else
        {
            // After a local end the error is no news: the status is there already.
            End(HttpFailures.OfException(error), Metadata.Empty);
        }
    }

    private Exception Error(CancellationToken cancellationToken)
    {
        Status final = GetStatus();
        RpcException error = new(final, GetTrailers());
        if (!isLocalEnd || !channel.ThrowsOperationCanceled)
        {
            return error;
        }

        CancellationToken cause = cancellationToken.IsCancellationRequested
            ? cancellationToken
            : Options.CancellationToken;
        return new OperationCanceledException(final.Detail, error, cause);
    }

    private void ThrowIfEnded(CancellationToken cancellationToken)
    {
        if (!HasEnded)
        {
            return;
        }

        throw GetStatus().StatusCode == StatusCode.OK
            ? new InvalidOperationException("Can't write the message because the call is complete.")
            : Error(cancellationToken);
    }
}
