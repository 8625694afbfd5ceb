using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>The caller's half of a request: the task it awaits.</summary>
/// <typeparam name="T">The result.</typeparam>
internal abstract class AnsweredRequest<T> : Request
{
    private TaskCompletionSource<T?>? reply;
    private bool deferred;

    /// <summary>What the caller awaits.</summary>
    internal Task<T?> Reply => Source.Task;

    internal override bool IsAnswered => deferred || reply is { Task.IsCompleted: true };

    private TaskCompletionSource<T?> Source => reply
        ?? throw new InvalidOperationException($"nobody waits for an answer to {Method}");

    internal override bool Fail(Exception reason)
    {
        if (reply is null)
        {
            return false;
        }

        Settle();
        return Defers(out IWorkScheduler? scheduler)
            ? Defer(scheduler, () => Source.TrySetException(reason))
            : reply.TrySetException(reason);
    }

    private protected override void ExpectAnswer(bool deferred) => reply = new TaskCompletionSource<T?>(
        deferred ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);

    private protected override bool Cancel(CancellationToken token)
    {
        Settle();
        return reply is not null && reply.TrySetCanceled(token);
    }

    private protected void Answer(T? value)
    {
        if (reply is null)
        {
            return;
        }

        if (Defers(out IWorkScheduler? scheduler))
        {
            Defer(scheduler, () => Source.TrySetResult(value));
        }
        else
        {
            reply.TrySetResult(value);
        }
    }

    private bool Defers([NotNullWhen(true)] out IWorkScheduler? scheduler)
    {
        scheduler = Reference is { Host.Scheduler: { DeliversAnswers: true } delivering } ? delivering : null;
        return scheduler is not null;
    }

    private bool Defer(IWorkScheduler scheduler, Action answer)
    {
        if (IsAnswered)
        {
            return false;
        }

        deferred = true;
        scheduler.Queue(new ActionWork(answer));
        return true;
    }
}

/// <summary>The result of a method that has none.</summary>
internal readonly struct Nothing;
