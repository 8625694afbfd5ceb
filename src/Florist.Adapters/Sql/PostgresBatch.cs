using Npgsql;

namespace Florist.Adapters.Sql;

/// <summary>
/// Arranges writes as few statements over arrays: in rounds, so that no statement meets a row twice and writes of one
/// row come in the order in which they were queued. All of it is one transaction and one round trip.
/// </summary>
internal sealed class PostgresBatch : IDisposable
{
    private const string CheckEpoch = """
        SELECT CASE WHEN (SELECT epoch FROM owner WHERE id = 1) IS DISTINCT FROM $1
            THEN florist_refuse('FL001', 'another process took over the database: its owner epoch is another') END
        """;

    private readonly NpgsqlConnection connection;
    private readonly NpgsqlBatch batch;
    private readonly NpgsqlBatchCommand barrier = new(PostgresOwner.PassBarrier);
    private readonly NpgsqlBatchCommand? epochCheck;
    private readonly List<PostgresRound> rounds = [];
    private readonly Dictionary<int, int> nextRound = [];

    /// <summary>A batch for one connection, used again and again.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="epoch">The owner epoch that must stand in the database; null where nobody owns it.</param>
    public PostgresBatch(NpgsqlConnection connection, long? epoch)
    {
        this.connection = connection;
        batch = connection.CreateBatch();
        if (epoch is { } mine)
        {
            epochCheck = new NpgsqlBatchCommand(CheckEpoch);
            epochCheck.Parameters.Add(PostgresStatement.Parameter(mine));
        }
    }

    /// <summary>The connection.</summary>
    public NpgsqlConnection Connection => connection;

    /// <summary>
    /// Writes all or nothing. Without a BEGIN, what is sent in one go is one transaction, which the server commits
    /// before it reports the end.
    /// </summary>
    /// <exception cref="PostgresException">A statement failed and nothing was written.</exception>
    /// <exception cref="NpgsqlException">The connection broke; whether anything was written is not known.</exception>
    public void Write(ReadOnlySpan<PostgresWrite> writes)
    {
        int used = Arrange(writes);
        try
        {
            batch.BatchCommands.Clear();
            batch.BatchCommands.Add(barrier);
            if (epochCheck is not null)
            {
                batch.BatchCommands.Add(epochCheck);
            }

            for (int i = 0; i < used; i++)
            {
                rounds[i].AddTo(batch.BatchCommands);
            }

            batch.ExecuteNonQuery();
        }
        finally
        {
            for (int i = 0; i < used; i++)
            {
                rounds[i].Clear();
            }
        }
    }

    public void Dispose() => batch.Dispose();

    private int Arrange(ReadOnlySpan<PostgresWrite> writes)
    {
        nextRound.Clear();
        int used = 0;
        foreach (PostgresWrite write in writes)
        {
            // Two subjects with the same hash cost a round more and nothing else.
            int subject = string.GetHashCode(write.Subject, StringComparison.Ordinal);
            int round = nextRound.GetValueOrDefault(subject);
            int last = round;
            if (write is PostgresCommit commit)
            {
                Round(round).Take(commit.Write);
                for (int i = 0; i < commit.Shapes.Length; i++)
                {
                    last = Math.Max(last, TakeRow(commit, i, round));
                }
            }
            else if (write is PostgresChange change)
            {
                Round(round).Take(change);
            }

            nextRound[subject] = last + 1;
            used = Math.Max(used, last + 1);
        }

        return used;
    }

    private int TakeRow(PostgresCommit commit, int i, int notBefore)
    {
        StateWrite write = commit.Write;
        RowShape shape = commit.Shapes[i];
        int row = shape.RowHash(write.GrainKey, write.Rows[i]);
        int round = Math.Max(notBefore, nextRound.GetValueOrDefault(row));
        Round(round).Take(write.GrainKey, write.Rows[i], shape);
        nextRound[row] = round + 1;
        return round;
    }

    private PostgresRound Round(int number)
    {
        while (rounds.Count <= number)
        {
            rounds.Add(new PostgresRound());
        }

        return rounds[number];
    }
}
