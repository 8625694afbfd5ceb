using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace Florist.Kernel;

/// <summary>
/// Wakes what is due of one shard, for hosts of several processes. Two that do so at once, as after a fail-over, wake a
/// grain twice, and the second time it finds nothing to do: the table decides what is due, not who looks at it.
/// </summary>
internal sealed class WakeShard(IWakeTable table, WakeCall call, IOptions<EngineOptions> options)
{
    private readonly ConcurrentDictionary<(int Shard, WakeClass Class), WakeFloor> floors = new();

    /// <summary>Wakes grains, the urgent classes first, until nothing is due or so many were woken.</summary>
    /// <param name="shard">Which shard, 0 to 63.</param>
    /// <param name="now">What is due at this instant.</param>
    /// <param name="atOnceMax">How many at once, 1 or more.</param>
    /// <param name="cancellationToken">Begins no more.</param>
    /// <returns>How many were woken.</returns>
    public async Task<int> Run(int shard, DateTimeOffset now, int atOnceMax, CancellationToken cancellationToken)
    {
        int woken = 0;
        while (woken < options.Value.WindowRowsMax)
        {
            ImmutableArray<WakeRow> due = await MostUrgent(shard, now, atOnceMax, cancellationToken);
            if (due.IsEmpty)
            {
                return woken;
            }

            // What fails is put off or parked, so that the next look finds others.
            await Task.WhenAll(due.Select(row => call.Make(row, cancellationToken)));
            woken += due.Length;
        }

        return woken;
    }

    private async Task<ImmutableArray<WakeRow>> MostUrgent(
        int shard, DateTimeOffset now, int max, CancellationToken cancellationToken)
    {
        ImmutableArray<WakeRow> due = [];
        foreach (WakeClass @class in Enum.GetValues<WakeClass>())
        {
            // A class that fills a round leaves one place to each of the others.
            int places = Math.Max(1, max - due.Length);
            WakeFloor floor = floors.GetOrAdd((shard, @class), _ => new WakeFloor(options.Value.Clock));
            WakeQuery query = new(@class, now, places, shard) { From = floor.From(now) };
            ImmutableArray<WakeRow> found = await table.Due(query, cancellationToken);
            floor.Looked(query, now, found);
            due = due.AddRange(found);
        }

        return due;
    }
}
