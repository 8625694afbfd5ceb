using System.Collections.Immutable;
using Florist.Kernel;
using Orleans.Runtime;

namespace Florist.Adapters.Sql;

/// <summary>The wake rows.</summary>
internal sealed class WakeTable(ISqlDatabase database, CommitSignals signals) : IWakeTable
{
    private const string SelectDue = """
        SELECT grain_key, due_at, attempts FROM wake
        WHERE parked = 0 AND class = $1 AND not_before <= $2
        ORDER BY not_before LIMIT $3
        """;

    // The index begins with the class, so that each class has its first row at hand and all of them together have not.
    private const string SelectNext = """
        SELECT MIN(next) FROM (
            SELECT MIN(not_before) AS next FROM wake WHERE parked = 0 AND class = 0
            UNION ALL SELECT MIN(not_before) FROM wake WHERE parked = 0 AND class = 1
            UNION ALL SELECT MIN(not_before) FROM wake WHERE parked = 0 AND class = 2
            UNION ALL SELECT MIN(not_before) FROM wake WHERE parked = 0 AND class = 3) AS lanes
        """;

    private const string SelectStands =
        "SELECT 1 FROM wake WHERE grain_key = $1 AND due_at = $2 AND attempts = $3 AND parked = 0";

    private const string UpdatePutOff = """
        UPDATE wake SET not_before = $1, attempts = attempts + 1
        WHERE grain_key = $2 AND due_at = $3 AND attempts = $4
        """;

    private const string UpdatePark = """
        UPDATE wake SET parked = 1, attempts = attempts + 1 WHERE grain_key = $1 AND due_at = $2 AND attempts = $3
        """;

    public event Action<DateTimeOffset>? Scheduled
    {
        add => signals.WakeScheduled += value;
        remove => signals.WakeScheduled -= value;
    }

    public Task<ImmutableArray<WakeRow>> Due(
        WakeClass @class, DateTimeOffset now, int max, CancellationToken cancellationToken) => database.Read(
            SelectDue,
            [@class, now, max],
            row => new WakeRow(
                GrainId.Parse(row.GetString(0)), SqlValue.Instant(row.GetInt64(1)), @class, row.GetInt32(2)),
            cancellationToken);

    public async Task<DateTimeOffset?> NextDue(CancellationToken cancellationToken) =>
        (await database.Read(SelectNext, [], row => SqlValue.Number(row, 0), cancellationToken))[0] is { } next
            ? SqlValue.Instant(next)
            : null;

    public async Task<bool> Stands(WakeRow row, CancellationToken cancellationToken) => !(await database.Read(
        SelectStands, [row.Grain.ToString(), row.DueAt, row.Attempts], _ => true, cancellationToken)).IsEmpty;

    public Task PutOff(WakeRow row, DateTimeOffset notBefore)
    {
        string grain = row.Grain.ToString();
        return database.Change(
            grain, UpdatePutOff, SqlValue.RoundedUp(notBefore), grain, row.DueAt, row.Attempts);
    }

    public Task Park(WakeRow row)
    {
        string grain = row.Grain.ToString();
        return database.Change(grain, UpdatePark, grain, row.DueAt, row.Attempts);
    }
}
