using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;

namespace Orleans.Runtime;

/// <summary>
/// Runs the work of one activation, one piece at a time: requests that may start, and what continues after an await.
/// The queue is guarded by the lock of the activation, so that accepting a request costs one lock.
/// </summary>
internal sealed class TurnScheduler(Activation owner, IWorkScheduler scheduler, Lock gate)
    : TaskScheduler, IThreadPoolWorkItem
{
    private const int PiecesPerRunMax = 32;

    private static readonly ExecutionContext? Clean = ContextOfNewThread();

    private readonly Queue<object> work = new();
    private bool scheduled;
    private int piecesMax;
    private Task? root;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>The activation whose turn it is on this thread; null outside of grains.</summary>
    internal static Activation? CurrentOwner => (Current as TurnScheduler)?.Owner;

    internal Activation Owner => owner;

    internal bool IsCurrent => ReferenceEquals(Current, this);

    /// <summary>
    /// Adds work while the lock is held. When it returns true, call <see cref="Schedule"/> after leaving it.
    /// </summary>
    internal bool AddLocked(ITurn turn)
    {
        work.Enqueue(turn);
        return MarkScheduledLocked();
    }

    internal void Schedule() => scheduler.Queue(this);

    /// <summary>
    /// Instead of <see cref="Schedule"/>: runs the first piece on the thread of whoever asks for it, and leaves what
    /// came meanwhile to the pool.
    /// </summary>
    /// <returns>False, and nothing ran, where the thread has a scheduler or a context of its own.</returns>
    internal bool TryRunHere()
    {
        if (!scheduler.LendsThreadsToReads || Clean is null || Current != Default
            || SynchronizationContext.Current is not null || ExecutionContext.Capture() is not { } ambient)
        {
            return false;
        }

        // The grain must not see what the caller keeps in its context, nor the caller what the grain leaves there.
        ExecutionContext.Restore(Clean);
        Run(piecesAtOnce: 1);
        ExecutionContext.Restore(ambient);
        return true;
    }

    /// <summary>What a thread begins with: no ambient values.</summary>
    internal static ExecutionContext? ContextOfNewThread()
    {
        ExecutionContext? context = null;
        Thread thread = new(() => context = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return context;
    }

    internal void Post(ITurn turn)
    {
        bool schedule;
        lock (gate)
        {
            schedule = AddLocked(turn);
        }

        if (schedule)
        {
            Schedule();
        }
    }

    void IThreadPoolWorkItem.Execute() => Run(PiecesPerRunMax);

    private void Run(int piecesAtOnce)
    {
        // A run happens inside this task, which makes this scheduler the current one for what is awaited.
        piecesMax = piecesAtOnce;
        root = new Task(static self => (self as TurnScheduler)?.Drain(), this);
        root.Start(this);
    }

    protected override void QueueTask(Task task)
    {
        if (ReferenceEquals(task, root))
        {
            // Forgotten before it runs: an idle activation keeps nothing of its last run.
            root = null;
            TryExecuteTask(task);
            return;
        }

        bool schedule;
        lock (gate)
        {
            work.Enqueue(task);
            schedule = MarkScheduledLocked();
        }

        if (schedule)
        {
            Schedule();
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && IsCurrent && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (gate)
        {
            return [.. work.OfType<Task>()];
        }
    }

    private bool MarkScheduledLocked()
    {
        if (scheduled)
        {
            return false;
        }

        scheduled = true;
        return true;
    }

    private void Drain()
    {
        ExecutionContext? clean = ExecutionContext.Capture();
        Histogram<double> turnTime = owner.Host.Metrics.TurnTime;
        for (int left = piecesMax; TryTake(left, out object? piece); left--)
        {
            long began = turnTime.Enabled ? Stopwatch.GetTimestamp() : 0;
            if (piece is Task task)
            {
                TryExecuteTask(task);
            }
            else
            {
                ((ITurn)piece).Run();
                ForgetAmbientValues(clean);
            }

            if (began != 0)
            {
                turnTime.Record(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }
    }

    /// <summary>
    /// Takes the next piece, or ends the run: for good when there is none, else to let others go first.
    /// </summary>
    private bool TryTake(int left, [NotNullWhen(true)] out object? piece)
    {
        lock (gate)
        {
            piece = null;
            if (work.Count == 0)
            {
                scheduled = false;
                return false;
            }

            if (left > 0)
            {
                piece = work.Dequeue();
                return true;
            }
        }

        scheduler.Queue(this);
        return false;
    }

    /// <summary>
    /// A method that is not async leaves the ambient values it set on the thread; the next call must not see them.
    /// </summary>
    private static void ForgetAmbientValues(ExecutionContext? clean)
    {
        if (clean is not null && !ReferenceEquals(ExecutionContext.Capture(), clean))
        {
            ExecutionContext.Restore(clean);
        }
    }
}
