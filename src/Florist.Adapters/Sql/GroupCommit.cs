using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Florist.Kernel;
using Microsoft.Extensions.Logging;

namespace Florist.Adapters.Sql;

/// <summary>How a database commits what waits. All of it runs where <see cref="GroupCommit{TWrite}"/> runs.</summary>
internal interface ICommitter<TWrite>
    where TWrite : QueuedWrite
{
    /// <summary>How long to wait for a write before <see cref="WhenIdle"/>, in milliseconds; -1 is for ever.</summary>
    int IdleWait { get; }

    /// <summary>Uses a pause.</summary>
    void WhenIdle();

    /// <summary>
    /// Commits the batch's first write and as many of those behind it as it takes from the batch. Those that fail get
    /// their <see cref="QueuedWrite.Failure"/>; all others are durable on return.
    /// </summary>
    /// <exception cref="Exception">The storage cannot be trusted any more and the process must end.</exception>
    void Commit(WriteBatch<TWrite> batch);

    /// <summary>Ends in order, after the last batch.</summary>
    void Finish();
}

/// <summary>One write that waits for, or is part of, a batch.</summary>
internal abstract class QueuedWrite
{
    /// <summary>Bytes of its bodies, counted against the batch.</summary>
    public int Bytes { get; init; }

    /// <summary>Why it failed; null while it has not.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Tells the writer's caller, after the commit or the failure. Nothing of the caller runs here.</summary>
    public abstract void Settle();
}

/// <summary>Limits of batches and of what waits for them.</summary>
/// <param name="QueueMax">Writes waiting at once.</param>
/// <param name="WritesMax">Writes in a batch.</param>
/// <param name="BytesMax">Bytes of bodies in a batch.</param>
/// <param name="MsMax">Milliseconds in which a batch takes further writes.</param>
internal sealed record BatchLimits(int QueueMax, int WritesMax, int BytesMax, int MsMax);

/// <summary>
/// Commits what is queued as soon as it is free, so that concurrent writes share one flush to disk and a lone one waits
/// for nobody. The queue is bounded: more than it holds is refused, not kept waiting without end.
/// </summary>
internal sealed class GroupCommit<TWrite> : IDisposable
    where TWrite : QueuedWrite
{
    private readonly ICommitter<TWrite> committer;
    private readonly BatchLimits limits;
    private readonly IFatal fatal;
    private readonly ILogger log;
    private readonly Action<Action>? turns;
    private readonly BlockingCollection<TWrite> queue;
    private readonly WriteBatch<TWrite> batch;
    private readonly Thread? thread;
    private volatile bool broken;
    private int turnQueued;

    /// <summary>Starts the thread on which the committer works; or none, where somebody gives it its turns.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="committer">Commits.</param>
    /// <param name="limits">Limits.</param>
    /// <param name="fatal">Ends the process when the storage cannot be trusted any more.</param>
    /// <param name="log">Log.</param>
    /// <param name="turns">Where the committer's turns run; null for a thread of its own.</param>
    public GroupCommit(
        string name,
        ICommitter<TWrite> committer,
        BatchLimits limits,
        IFatal fatal,
        ILogger log,
        Action<Action>? turns = null)
    {
        this.committer = committer;
        this.limits = limits;
        this.fatal = fatal;
        this.log = log;
        this.turns = turns;
        queue = new BlockingCollection<TWrite>(limits.QueueMax);
        batch = new WriteBatch<TWrite>(queue, limits);
        if (turns is null)
        {
            thread = new Thread(Loop) { IsBackground = true, Name = name };
            thread.Start();
        }
    }

    /// <summary>Writes waiting at present.</summary>
    public int Waiting => queue.Count;

    /// <summary>Queues a write, which is settled after the commit of its batch, in commit order.</summary>
    /// <exception cref="StorageOverloadedException">The queue is full; nothing was changed.</exception>
    /// <exception cref="StorageClosedException">The storage is closing or broken; nothing was changed.</exception>
    public void Add(TWrite write)
    {
        bool queued;
        try
        {
            queued = !broken && queue.TryAdd(write);
        }
        catch (InvalidOperationException)
        {
            // The collection was completed, perhaps between the check and the add.
            throw new StorageClosedException("the storage is closing");
        }

        if (!queued)
        {
            throw broken
                ? new StorageClosedException("the storage ended and takes no writes")
                : new StorageOverloadedException($"{limits.QueueMax} writes are waiting already");
        }

        if (turns is not null && Interlocked.Exchange(ref turnQueued, 1) == 0)
        {
            turns(Turn);
        }
    }

    /// <summary>
    /// Ends as a killed process would: what is queued is not written and nothing is finished. For tests of recovery.
    /// </summary>
    public void Abandon()
    {
        broken = true;
        Dispose();
    }

    /// <summary>Commits what is queued, ends in order and returns when the thread is gone.</summary>
    public void Dispose()
    {
        queue.CompleteAdding();
        if (thread is null)
        {
            Loop();
        }
        else
        {
            thread.Join();
        }

        queue.Dispose();
    }

    private void Turn()
    {
        Volatile.Write(ref turnQueued, 0);
        while (!broken && queue.TryTake(out TWrite? first))
        {
            Take(first);
        }
    }

    private void Loop()
    {
        try
        {
            while (!queue.IsCompleted)
            {
                if (queue.TryTake(out TWrite? first, committer.IdleWait))
                {
                    Take(first);
                }
                else if (!broken)
                {
                    committer.WhenIdle();
                }
            }

            if (!broken)
            {
                CrashPoint.Hit(CrashPoint.StorageDrain);
                committer.Finish();
            }
        }
        catch (Exception error)
        {
            Break("the writer failed outside of a batch", error);
        }
    }

    private void Take(TWrite first)
    {
        batch.Begin(first);
        if (broken)
        {
            first.Failure = new StorageClosedException("the storage ended before this write began");
        }
        else
        {
            Commit();
        }

        foreach (TWrite write in batch.Writes)
        {
            CrashPoint.Hit(CrashPoint.StorageSettle);
            write.Settle();
        }
    }

    private void Commit()
    {
        try
        {
            committer.Commit(batch);
        }
        catch (Exception error)
        {
            Break("a commit failed", error);
            return;
        }

        SqlMeter.Committed(batch.Writes.Count, batch.Elapsed);
    }

    private void Break(string what, Exception error)
    {
        broken = true;
        foreach (TWrite write in batch.Writes)
        {
            write.Failure = new StorageOutcomeUnknownException(
                $"{what}; whether this write is durable is not known", error);
        }

        SqlLog.Broken(log, what, error);
        fatal.End(what, error);
    }
}

/// <summary>The writes of a commit, which grow by what arrives while it is being made, up to the limits.</summary>
internal sealed class WriteBatch<TWrite>(BlockingCollection<TWrite> queue, BatchLimits limits)
    where TWrite : QueuedWrite
{
    private readonly List<TWrite> writes = [];
    private long begun;
    private int bytes;

    /// <summary>The writes so far, in the order in which they were queued; one at least.</summary>
    public List<TWrite> Writes => writes;

    /// <summary>Since the first write was taken.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(begun);

    /// <summary>Begins anew.</summary>
    public void Begin(TWrite first)
    {
        begun = Stopwatch.GetTimestamp();
        writes.Clear();
        writes.Add(first);
        bytes = first.Bytes;
    }

    /// <summary>Takes one more write, if one waits and there is room.</summary>
    public bool TryTakeNext([NotNullWhen(true)] out TWrite? next)
    {
        next = null;
        if (writes.Count >= limits.WritesMax
            || bytes >= limits.BytesMax
            || Elapsed.TotalMilliseconds >= limits.MsMax
            || !queue.TryTake(out next))
        {
            return false;
        }

        writes.Add(next);
        bytes += next.Bytes;
        return true;
    }
}
