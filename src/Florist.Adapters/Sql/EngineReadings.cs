using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>Counts what is due, lane by lane, along the index that the engine reads by.</summary>
internal sealed class EngineReadings(ISqlDatabase database) : IEngineReadings
{
    private const string SelectWakes = """
        SELECT count(*), min(not_before) FROM (
            SELECT not_before FROM wake WHERE parked = 0 AND class = $1 AND not_before <= $2
            ORDER BY not_before LIMIT $3) AS due
        """;

    // Not in order of time, which the topics between class and time in the index do not give: all of them are counted.
    private const string SelectMessages = """
        SELECT count(*), min(not_before) FROM outbox WHERE parked = 0 AND class = $1 AND not_before <= $2
        """;

    public async Task<ImmutableArray<LaneReading>> Lanes(DateTimeOffset now, CancellationToken cancellationToken)
    {
        ImmutableArray<LaneReading>.Builder lanes = ImmutableArray.CreateBuilder<LaneReading>();
        foreach (WakeClass lane in Enum.GetValues<WakeClass>())
        {
            lanes.AddRange(await database.Read(
                SelectWakes,
                [lane, now, IEngineReadings.CountMax],
                row => Reading(EngineQueue.Wakes, lane.ToString(), row),
                cancellationToken));
        }

        foreach (OutboxClass lane in Enum.GetValues<OutboxClass>())
        {
            lanes.AddRange(await database.Read(
                SelectMessages,
                [lane, now],
                row => Reading(EngineQueue.Messages, lane.ToString(), row),
                cancellationToken));
        }

        return lanes.ToImmutable();
    }

    private static LaneReading Reading(EngineQueue queue, string lane, System.Data.Common.DbDataReader row) => new(
        queue,
        lane,
        Math.Min(row.GetInt64(0), IEngineReadings.CountMax),
        SqlValue.Number(row, 1) is { } oldest ? SqlValue.Instant(oldest) : null);
}
