using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace Florist.Kernel;

/// <summary>
/// Wakes one grain and records what became of it. A grain that fails, or that does not move its wake-up, is tried
/// again later and in the end parked; what it holds stays in its state, and its next commit schedules it anew.
/// </summary>
internal sealed class WakeCall(
    IWakeTable table,
    IGrainFactory grains,
    TimeProvider time,
    IOptions<EngineOptions> options,
    Jitter jitter,
    ILogger<WakeCall> log)
{
    /// <returns>The row as it stands after a failure; null when the grain moved it, or it was parked.</returns>
    public async Task<WakeRow?> Make(WakeRow row, CancellationToken cancellationToken)
    {
        WakeFault fault = options.Value.WakeFaults.Next();
        if (fault.IsSkipped)
        {
            return row;
        }

        if (fault.LateBy > TimeSpan.Zero)
        {
            return await PutOff(row, time.GetUtcNow() + fault.LateBy);
        }

        try
        {
            CrashPoint.Hit(CrashPoint.WakeClaimed);
            await Wake(row, fault);
            CrashPoint.Hit(CrashPoint.WakeHandled);
            if (await table.Stands(row, cancellationToken))
            {
                throw new InvalidOperationException("the grain was woken and left its wake-up as it was");
            }
        }
        catch (Exception error) when (error is not OperationCanceledException
            || !cancellationToken.IsCancellationRequested)
        {
            return await Failed(row, error);
        }

        Done(row, time.GetUtcNow() - row.DueAt);
        return null;
    }

    private async Task Wake(WakeRow row, WakeFault fault)
    {
        IWakeable grain = grains.GetGrain<IWakeable>(row.Grain);
        Task wake = grain.OnWake(time.GetUtcNow());
        if (fault.IsDoubled)
        {
            await Task.WhenAll(wake, grain.OnWake(time.GetUtcNow()));
        }

        await wake;
    }

    private async Task<WakeRow?> PutOff(WakeRow row, DateTimeOffset notBefore) =>
        await table.PutOff(row, notBefore)
            ? row with { Attempts = row.Attempts + 1, NotBefore = notBefore }
            : null;

    private void Done(WakeRow row, TimeSpan late)
    {
        EngineMeter.Woken(row.Class, late);
        if (row.Class == WakeClass.Deadline && late > TimeSpan.FromMilliseconds(options.Value.DeadlineGraceMs))
        {
            // It is kept whatever its age, but somebody may have been promised something by then.
            EngineMeter.LateDeadline();
            EngineLog.DeadlineLate(log, row.Grain.ToString(), row.DueAt, late);
        }
    }

    private async Task<WakeRow?> Failed(WakeRow row, Exception error)
    {
        int attempt = row.Attempts + 1;
        string grain = row.Grain.ToString();
        if (attempt >= options.Value.AttemptsMax)
        {
            await table.Park(row, error.GetType().Name, time.GetUtcNow());
            EngineLog.WakeParked(log, grain, attempt, error);
            EngineMeter.Wake(row.Class, "parked");
            return null;
        }

        DateTimeOffset notBefore = time.GetUtcNow() + BackOff.After(attempt, options.Value, jitter.Next());
        WakeRow? putOff = await PutOff(row, notBefore);
        EngineLog.WakeFailed(log, grain, attempt, notBefore, error);
        EngineMeter.Wake(row.Class, "failed");
        return putOff;
    }
}
