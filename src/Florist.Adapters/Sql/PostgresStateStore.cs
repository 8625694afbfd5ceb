using System.Collections.Immutable;

namespace Florist.Adapters.Sql;

/// <summary>Grain states on PostgreSQL: one commit writes state, wake-up, messages and rows.</summary>
internal sealed class PostgresStateStore(PostgresDatabase database) : IStateStore
{
    private const string Select = "SELECT version, body FROM grain_state WHERE grain_key = $1 AND state_name = $2";

    public async Task<StoredState?> Read(string grainKey, string stateName, CancellationToken cancellationToken)
    {
        ImmutableArray<StoredState> found = await database.Read(
            Select,
            [grainKey, stateName],
            row => new StoredState(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1)),
            cancellationToken);
        return found.FirstOrDefault();
    }

    public Task<long> Commit(StateWrite write)
    {
        // Checked here, on the caller's turn, so that a mistake cannot fail the batch that it would be in.
        RowShape[] shapes = new RowShape[write.Rows.Length];
        for (int i = 0; i < shapes.Length; i++)
        {
            shapes[i] = database.Schema.Shape(write.Rows[i]);
        }

        return database.WriterOf(write.GrainKey).Run(new PostgresCommit(write, shapes) { Bytes = write.Bytes });
    }
}
