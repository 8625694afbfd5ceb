using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace Florist.Kernel;

/// <summary>
/// Wakes grains whose time has come. A grain that fails, or that does not move its wake-up, is tried again later and in
/// the end parked; what it holds stays in its state, and its next commit schedules it anew.
/// </summary>
internal sealed class WakeService : ILaneWork<WakeRow>, IHostedService, IDisposable
{
    private readonly IWakeTable table;
    private readonly IGrainFactory grains;
    private readonly TimeProvider time;
    private readonly EngineOptions options;
    private readonly Jitter jitter;
    private readonly ILogger log;
    private readonly Lanes<WakeRow> lanes;
    private readonly TimeSpan ringWithin;

    public WakeService(
        IWakeTable table,
        IGrainFactory grains,
        TimeProvider time,
        IOptions<EngineOptions> options,
        Jitter jitter,
        ILogger<WakeService> log)
    {
        this.table = table;
        this.grains = grains;
        this.time = time;
        this.options = options.Value;
        this.jitter = jitter;
        this.log = log;
        lanes = new Lanes<WakeRow>(this, this.options, log);
        ringWithin = TimeSpan.FromMilliseconds(this.options.PollMsMax);
    }

    public string Name => "wake";

    /// <summary>Carries out the wake-ups that are due now.</summary>
    public Task<int> RunDue(CancellationToken cancellationToken) => lanes.RunDue(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Background)
        {
            table.Scheduled += OnScheduled;
            lanes.Start();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        table.Scheduled -= OnScheduled;
        return lanes.Stop(cancellationToken);
    }

    public void Dispose() => lanes.Dispose();

    public Task<ImmutableArray<WakeRow>> Due(int lane, int max, CancellationToken cancellationToken) =>
        table.Due((WakeClass)lane, time.GetUtcNow(), max, cancellationToken);

    public async Task<TimeSpan?> UntilNextDue(CancellationToken cancellationToken) =>
        await table.NextDue(cancellationToken) - time.GetUtcNow();

    public string KeyOf(WakeRow row) => row.Grain.ToString();

    public async Task Carry(WakeRow row, CancellationToken cancellationToken)
    {
        try
        {
            CrashPoint.Hit(CrashPoint.WakeClaimed);
            await grains.GetGrain<IWakeable>(row.Grain).OnWake(time.GetUtcNow());
            CrashPoint.Hit(CrashPoint.WakeHandled);
            if (await table.Stands(row, cancellationToken))
            {
                throw new InvalidOperationException("the grain was woken and left its wake-up as it was");
            }
        }
        catch (Exception error) when (error is not OperationCanceledException
            || !cancellationToken.IsCancellationRequested)
        {
            await Failed(row, error);
            return;
        }

        EngineMeter.Woken(row.Class, time.GetUtcNow() - row.DueAt);
    }

    private async Task Failed(WakeRow row, Exception error)
    {
        int attempt = row.Attempts + 1;
        if (attempt >= options.AttemptsMax)
        {
            await table.Park(row);
            EngineLog.WakeParked(log, KeyOf(row), attempt, error);
            EngineMeter.Wake(row.Class, "parked");
            return;
        }

        DateTimeOffset notBefore = time.GetUtcNow() + BackOff.After(attempt, options, jitter.Next());
        await table.PutOff(row, notBefore);
        EngineLog.WakeFailed(log, KeyOf(row), attempt, notBefore, error);
        EngineMeter.Wake(row.Class, "failed");
    }

    private void OnScheduled(DateTimeOffset due)
    {
        // Later ones are found by the poll: every commit of every grain comes through here.
        if (due - time.GetUtcNow() < ringWithin)
        {
            lanes.Ring();
        }
    }
}
