using System.Collections.Immutable;
using Florist.Kernel;
using Microsoft.Data.Sqlite;
using Orleans.Runtime;

namespace Florist.Adapters.Sql;

/// <summary>The wake rows.</summary>
internal sealed class SqliteWakeTable(SqliteDatabase database, SqliteStateStore store) : IWakeTable
{
    private const string SelectDue = """
        SELECT grain_key, due_at, attempts FROM wake
        WHERE parked = 0 AND class = $1 AND not_before <= $2
        ORDER BY not_before LIMIT $3
        """;

    private const string SelectNext = "SELECT MIN(not_before) FROM wake WHERE parked = 0 AND class = $1";

    private const string SelectStands =
        "SELECT COUNT(*) FROM wake WHERE grain_key = $1 AND due_at = $2 AND attempts = $3 AND parked = 0";

    private const string UpdatePutOff = """
        UPDATE wake SET not_before = $1, attempts = attempts + 1
        WHERE grain_key = $2 AND due_at = $3 AND attempts = $4
        """;

    private const string UpdatePark = """
        UPDATE wake SET parked = 1, attempts = attempts + 1 WHERE grain_key = $1 AND due_at = $2 AND attempts = $3
        """;

    public event Action<DateTimeOffset>? Scheduled
    {
        add => store.WakeScheduled += value;
        remove => store.WakeScheduled -= value;
    }

    public Task<ImmutableArray<WakeRow>> Due(
        WakeClass @class, DateTimeOffset now, int max, CancellationToken cancellationToken) =>
        database.Readers.Read(
            session =>
            {
                ImmutableArray<WakeRow>.Builder rows = ImmutableArray.CreateBuilder<WakeRow>();
                using SqliteDataReader reader = session.Query(SelectDue, @class, now, max);
                while (reader.Read())
                {
                    rows.Add(new WakeRow(
                        GrainId.Parse(reader.GetString(0)),
                        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)),
                        @class,
                        reader.GetInt32(2)));
                }

                return rows.ToImmutable();
            },
            cancellationToken);

    public Task<DateTimeOffset?> NextDue(CancellationToken cancellationToken) =>
        database.Readers.Read(
            session => Enum.GetValues<WakeClass>()
                .Select(lane => session.Number(SelectNext, lane))
                .Min() is { } next
                ? DateTimeOffset.FromUnixTimeMilliseconds(next)
                : (DateTimeOffset?)null,
            cancellationToken);

    public Task<bool> Stands(WakeRow row, CancellationToken cancellationToken) =>
        database.Readers.Read(
            session => session.Number(SelectStands, row.Grain.ToString(), row.DueAt, row.Attempts) == 1,
            cancellationToken);

    public Task PutOff(WakeRow row, DateTimeOffset notBefore) => database.Writer.Run(0, session => session.Execute(
        UpdatePutOff, SqliteStateStore.RoundedUp(notBefore), row.Grain.ToString(), row.DueAt, row.Attempts));

    public Task Park(WakeRow row) => database.Writer.Run(0, session => session.Execute(
        UpdatePark, row.Grain.ToString(), row.DueAt, row.Attempts));
}
