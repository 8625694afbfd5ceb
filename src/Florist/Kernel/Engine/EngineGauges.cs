using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Florist.Kernel;

/// <summary>Looks now and then at what waits and what is parked, and measures it: a scrape asks no database.</summary>
internal sealed class EngineGauges(
    IEngineReadings readings,
    IParkedItems parked,
    TimeProvider time,
    IOptions<EngineOptions> options,
    ILogger<EngineGauges> log) : BackgroundService
{
    /// <summary>Looks once.</summary>
    public async Task Look(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        ImmutableArray<LaneReading> lanes = await readings.Lanes(now, cancellationToken);
        ImmutableArray<ParkedCount> counts = await parked.Counts(cancellationToken);
        FrozenDictionary<ParkedSource, long> bySource =
            counts.ToFrozenDictionary(one => one.Source, one => one.Count);
        EngineMeter.Waiting(new EngineSight(now, lanes, bySource));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Background)
        {
            return;
        }

        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(options.Value.GaugeMs), TimeProvider.System);
        do
        {
            try
            {
                await Look(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // What is measured is not worth more than what is worked on: the next look may succeed.
                EngineLog.NotMeasured(log, error);
            }
        }
        while (await WaitForNext(timer, stoppingToken));
    }

    private static async Task<bool> WaitForNext(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

/// <summary>What was seen at one instant.</summary>
/// <param name="At">When.</param>
/// <param name="Lanes">What waited.</param>
/// <param name="Parked">How many were parked, by source; sources without any are left out.</param>
internal sealed record EngineSight(
    DateTimeOffset At, ImmutableArray<LaneReading> Lanes, FrozenDictionary<ParkedSource, long> Parked);
