using System.Collections.Immutable;
using Florist.Kernel;
using Orleans.Runtime;

namespace Florist.Adapters.Sql;

/// <summary>The wake rows.</summary>
internal sealed class WakeTable(ISqlDatabase database, CommitSignals signals, TimeProvider time) : IWakeTable
{
    private const string Columns = "grain_key, due_at, class, attempts, not_before";

    private const string SelectDue = $"""
        SELECT {Columns} FROM wake
        WHERE parked = 0 AND class = $1 AND not_before <= $2 AND not_before >= $4
        ORDER BY not_before LIMIT $3
        """;

    private const string SelectDueOfShard = $"""
        SELECT {Columns} FROM wake
        WHERE parked = 0 AND class = $1 AND not_before <= $2 AND not_before >= $4 AND shard = $5
        ORDER BY not_before LIMIT $3
        """;

    // Behind "type/" and all that begins with it comes "type0": '0' is the character after '/'.
    private const string SelectOfType = $"""
        SELECT {Columns} FROM wake WHERE grain_key > $1 AND grain_key < $2 ORDER BY grain_key LIMIT $3
        """;

    private const string SelectParked =
        $"SELECT {Columns} FROM wake WHERE parked = 1 AND grain_key > $1 ORDER BY grain_key LIMIT $2";

    private const string SelectOne = $"SELECT {Columns} FROM wake WHERE parked = 0 AND grain_key = $1";

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
        UPDATE wake SET parked = 1, attempts = attempts + 1, reason = $1, parked_at = $2
        WHERE grain_key = $3 AND due_at = $4 AND attempts = $5
        """;

    // Ready from now on and not since it was due: whoever looks for what is ready does not look back for ever.
    private const string UpdateRetry = """
        UPDATE wake SET parked = 0, attempts = 0, not_before = CASE WHEN due_at > $2 THEN due_at ELSE $2 END
        WHERE grain_key = $1 AND parked = 1
        """;

    public event Action<WakeChange>? Changed
    {
        add => signals.WakeChanged += value;
        remove => signals.WakeChanged -= value;
    }

    public Task<ImmutableArray<WakeRow>> Due(WakeQuery query, CancellationToken cancellationToken) =>
        query.Shard is { } shard
            ? Rows(SelectDueOfShard, [query.Class, query.Until, query.Max, query.From, shard], cancellationToken)
            : Rows(SelectDue, [query.Class, query.Until, query.Max, query.From], cancellationToken);

    public async Task<DateTimeOffset?> NextDue(CancellationToken cancellationToken) =>
        (await database.Read(SelectNext, [], row => SqlValue.Number(row, 0), cancellationToken))[0] is { } next
            ? SqlValue.Instant(next)
            : null;

    public async Task<bool> Stands(WakeRow row, CancellationToken cancellationToken) => !(await database.Read(
        SelectStands, [row.Grain.ToString(), row.DueAt, row.Attempts], _ => true, cancellationToken)).IsEmpty;

    public async Task<bool> PutOff(WakeRow row, DateTimeOffset notBefore)
    {
        string grain = row.Grain.ToString();
        return await database.Change(
            grain, UpdatePutOff, SqlValue.RoundedUp(notBefore), grain, row.DueAt, row.Attempts) == 1;
    }

    public Task Park(WakeRow row, string reason, DateTimeOffset at)
    {
        string grain = row.Grain.ToString();
        return database.Change(grain, UpdatePark, reason, at, grain, row.DueAt, row.Attempts);
    }

    public Task<ImmutableArray<WakeRow>> OfType(
        string grainType, GrainId? after, int max, CancellationToken cancellationToken) =>
        Rows(SelectOfType, [after?.ToString() ?? $"{grainType}/", $"{grainType}0", max], cancellationToken);

    public Task<ImmutableArray<WakeRow>> Parked(GrainId? after, int max, CancellationToken cancellationToken) =>
        Rows(SelectParked, [after?.ToString() ?? "", max], cancellationToken);

    public async Task<bool> Retry(GrainId grain)
    {
        string key = grain.ToString();
        if (await database.Change(key, UpdateRetry, key, time.GetUtcNow()) == 0)
        {
            return false;
        }

        foreach (WakeRow row in await Rows(SelectOne, [key], CancellationToken.None))
        {
            signals.WakeMoved(new WakeChange(grain, row.DueAt, row.Class));
        }

        return true;
    }

    private Task<ImmutableArray<WakeRow>> Rows(string sql, object[] values, CancellationToken cancellationToken) =>
        database.Read(
            sql,
            values,
            row => new WakeRow(
                GrainId.Parse(row.GetString(0)),
                SqlValue.Instant(row.GetInt64(1)),
                (WakeClass)row.GetInt32(2),
                row.GetInt32(3),
                SqlValue.Instant(row.GetInt64(4))),
            cancellationToken);
}
