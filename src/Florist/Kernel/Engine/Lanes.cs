using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Florist.Kernel;

/// <summary>What the lanes carry out: rows of a table that fall due, in classes.</summary>
/// <typeparam name="TRow">A row.</typeparam>
internal interface ILaneWork<TRow>
{
    /// <summary>What it is, for logs.</summary>
    string Name { get; }

    /// <summary>Rows of a class that are due by the product's clock, most urgent first.</summary>
    Task<ImmutableArray<TRow>> Due(int lane, int max, CancellationToken cancellationToken);

    /// <summary>How long until something falls due by the product's clock; null when nothing is scheduled.</summary>
    Task<TimeSpan?> UntilNextDue(CancellationToken cancellationToken);

    /// <summary>What tells a row from the others.</summary>
    string KeyOf(TRow row);

    /// <summary>
    /// Asked once when a row is about to be begun. False leaves it due: it was moved meanwhile, or has to wait.
    /// </summary>
    bool Admits(int lane, TRow row);

    /// <summary>Carries a row out and records the outcome, success or failure.</summary>
    Task Carry(TRow row, CancellationToken cancellationToken);
}

/// <summary>
/// Carries out what falls due, many at once but never the same row twice at once: by itself in a loop that polls and
/// can be rung, or on demand. Starts slowly after a restart, when everything that was missed is due together.
/// </summary>
internal sealed class Lanes<TRow> : IDisposable
{
    private const int DriverRowsMax = 256;

    // When even recording a failure failed, the storage is in trouble: the slot is held this long before the next try.
    private static readonly TimeSpan HeldAfterTrouble = TimeSpan.FromSeconds(1);

    private readonly ILaneWork<TRow> work;
    private readonly EngineOptions options;
    private readonly ILogger log;
    private readonly Bell bell = new();
    private readonly ConcurrentDictionary<string, Task<Exception?>> underWay = new(StringComparer.Ordinal);
    private readonly int[] counts = new int[Share.Classes];
    private readonly CancellationTokenSource stopping = new();
    private Task loop = Task.CompletedTask;
    private int carried;

    public Lanes(ILaneWork<TRow> work, EngineOptions options, ILogger log)
    {
        this.work = work;
        this.options = options;
        this.log = log;
    }

    /// <summary>Makes the loop look at the table now.</summary>
    public void Ring() => bell.Ring();

    /// <summary>Begins the loop.</summary>
    public void Start() => loop = Task.Run(Loop);

    /// <summary>Ends the loop and waits for what is under way, as long as the token allows.</summary>
    public async Task Stop(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await loop.WaitAsync(cancellationToken);
        await Task.WhenAll(underWay.Values).WaitAsync(cancellationToken);
    }

    /// <summary>Carries out what is due, and what that makes due, until nothing is.</summary>
    /// <returns>Rows carried out, here or by the loop meanwhile.</returns>
    public async Task<int> RunDue(CancellationToken cancellationToken)
    {
        int before = Volatile.Read(ref carried);
        while (true)
        {
            bool any = false;
            for (int lane = 0; lane < Share.Classes; lane++)
            {
                ImmutableArray<TRow> due = await work.Due(lane, DriverRowsMax, cancellationToken);
                any |= await RunAll(lane, due, cancellationToken);
            }

            if (!any)
            {
                return Volatile.Read(ref carried) - before;
            }
        }
    }

    public void Dispose()
    {
        stopping.Dispose();
        bell.Dispose();
    }

    /// <returns>True when any row was carried out, here or by the loop.</returns>
    private async Task<bool> RunAll(int lane, ImmutableArray<TRow> due, CancellationToken cancellationToken)
    {
        int any = 0;
        ParallelOptions bounds = new()
        {
            MaxDegreeOfParallelism = options.DriverConcurrencyMax,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(due, bounds, async (row, _) =>
        {
            if ((TryBegin(lane, row) ?? underWay.GetValueOrDefault(work.KeyOf(row))) is not { } end)
            {
                return;
            }

            Interlocked.Exchange(ref any, 1);
            if (await end is { } trouble)
            {
                throw new InvalidOperationException($"a {work.Name} could not be carried out", trouble);
            }
        });
        return any == 1;
    }

    private async Task Loop()
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!stopping.IsCancellationRequested)
        {
            TimeSpan wait;
            try
            {
                int total = Share.Warm(
                    TimeProvider.System.GetElapsedTime(started), options, Environment.ProcessorCount);
                await BeginWhatIsDue(total);
                wait = await Pause();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // The table could not be read. The loop must outlive that: it is the only one.
                EngineLog.PollFailed(log, work.Name, error);
                wait = TimeSpan.FromMilliseconds(options.PollMsMax);
            }

            try
            {
                await bell.Wait(wait, stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task BeginWhatIsDue(int total)
    {
        for (int lane = 0; lane < Share.Classes; lane++)
        {
            int free = Share.Free(lane, counts, total);
            if (free == 0)
            {
                continue;
            }

            // Rows under way are still due in the table, so there must be room for them in the answer.
            foreach (TRow row in await work.Due(lane, free + Volatile.Read(ref counts[lane]), stopping.Token))
            {
                if (free == 0)
                {
                    break;
                }

                if (TryBegin(lane, row) is not null)
                {
                    free--;
                }
            }
        }
    }

    private async Task<TimeSpan> Pause()
    {
        double until = (await work.UntilNextDue(stopping.Token))?.TotalMilliseconds ?? double.MaxValue;
        return TimeSpan.FromMilliseconds(Math.Clamp(until, options.PollMsMin, options.PollMsMax));
    }

    /// <returns>
    /// Completes when the row is carried out, with what kept the outcome from being recorded; null when it is under way
    /// already, or not admitted.
    /// </returns>
    private Task<Exception?>? TryBegin(int lane, TRow row)
    {
        string key = work.KeyOf(row);
        TaskCompletionSource<Exception?> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!underWay.TryAdd(key, done.Task))
        {
            return null;
        }

        if (!work.Admits(lane, row))
        {
            underWay.TryRemove(key, out _);
            return null;
        }

        Interlocked.Increment(ref counts[lane]);
        _ = Carry(lane, row, key, done);
        return done.Task;
    }

    private async Task Carry(int lane, TRow row, string key, TaskCompletionSource<Exception?> done)
    {
        Exception? trouble = null;
        await Task.Yield();
        try
        {
            await work.Carry(row, stopping.Token);
            Interlocked.Increment(ref carried);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The row stays due; the next start carries it out.
        }
        catch (Exception error)
        {
            trouble = error;
            EngineLog.NotRecorded(log, work.Name, key, error);
            await Held();
        }
        finally
        {
            Interlocked.Decrement(ref counts[lane]);
            underWay.TryRemove(key, out _);
            done.SetResult(trouble);
            bell.Ring();
        }
    }

    private async Task Held()
    {
        try
        {
            await Task.Delay(HeldAfterTrouble, TimeProvider.System, stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopping: the slot is not needed any more.
        }
    }
}
