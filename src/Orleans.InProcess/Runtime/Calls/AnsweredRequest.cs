namespace Orleans.Runtime;

/// <summary>The caller's half of a request: the task it awaits. The first answer counts, later ones are void.</summary>
/// <typeparam name="T">The result.</typeparam>
internal abstract class AnsweredRequest<T> : Request
{
    private TaskCompletionSource<T?>? reply;
    private int answered;

    /// <summary>What the caller awaits.</summary>
    internal Task<T?> Reply => Source.Task;

    internal override bool IsAnswered => Volatile.Read(ref answered) != 0;

    private TaskCompletionSource<T?> Source => reply
        ?? throw new InvalidOperationException($"nobody waits for an answer to {Method}");

    internal override bool Fail(Exception reason)
    {
        if (!Claim())
        {
            return false;
        }

        Settle();
        Measure(reason);
        if (Deferring is { } scheduler)
        {
            scheduler.Queue(new ActionWork(() => Source.TrySetException(reason)));
        }
        else
        {
            Source.TrySetException(reason);
        }

        return true;
    }

    private protected override void ExpectAnswer(bool deferred) => reply = new TaskCompletionSource<T?>(
        deferred ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);

    private protected override bool Cancel(CancellationToken token)
    {
        Settle();
        if (!Claim())
        {
            return false;
        }

        Measure(new OperationCanceledException(token));
        return Source.TrySetCanceled(token);
    }

    private protected void Answer(T? value)
    {
        if (!Claim())
        {
            return;
        }

        Measure(null);
        if (Deferring is { } scheduler)
        {
            scheduler.Queue(new ActionWork(() => Source.TrySetResult(value)));
        }
        else
        {
            Source.TrySetResult(value);
        }
    }

    /// <summary>What has to bring the answer; null when it travels by itself.</summary>
    private IWorkScheduler? Deferring => Reference is { Host.Scheduler: { DeliversAnswers: true } scheduler }
        ? scheduler
        : null;

    /// <summary>Answer, timeout and cancellation may come at once: one of them is the answer.</summary>
    private bool Claim() => reply is not null && Interlocked.Exchange(ref answered, 1) == 0;
}

/// <summary>The result of a method that has none.</summary>
internal readonly struct Nothing;
