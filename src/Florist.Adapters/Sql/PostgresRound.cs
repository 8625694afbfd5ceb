using Florist.Kernel;
using Npgsql;

namespace Florist.Adapters.Sql;

/// <summary>
/// What may be written by one statement a table, because no row is in it twice. The arrays and prepared statements are
/// kept from batch to batch.
/// </summary>
internal sealed class PostgresRound
{
    private const string InsertStates = """
        WITH done AS (
            INSERT INTO grain_state (grain_key, state_name, version, body)
            SELECT w.grain_key, w.state_name, 1, w.body
            FROM unnest($1, $2, $3) AS w (grain_key, state_name, body)
            ON CONFLICT (grain_key, state_name) DO NOTHING RETURNING 1)
        SELECT CASE WHEN count(*) <> cardinality($1) THEN florist_refuse('FL002', 'a state was there') END FROM done
        """;

    private const string UpdateStates = """
        WITH done AS (
            UPDATE grain_state AS s SET version = s.version + 1, body = w.body
            FROM unnest($1, $2, $3, $4) AS w (grain_key, state_name, version, body)
            WHERE s.grain_key = w.grain_key AND s.state_name = w.state_name AND s.version = w.version RETURNING 1)
        SELECT CASE WHEN count(*) <> cardinality($1) THEN florist_refuse('FL002', 'a state was written') END FROM done
        """;

    // A row that says the same is left as it is: most commands move nothing that is due. Nobody else writes the row
    // between the look and the insert, because all writes of one grain go through one connection.
    private const string PutWakes = """
        INSERT INTO wake (grain_key, shard, class, due_at, not_before)
        SELECT w.grain_key, w.shard, w.class, w.due_at, w.due_at
        FROM unnest($1, $2, $3, $4) AS w (grain_key, shard, class, due_at)
        LEFT JOIN wake AS k ON k.grain_key = w.grain_key
        WHERE k.grain_key IS NULL OR k.due_at <> w.due_at OR k.class <> w.class OR k.not_before <> w.due_at
            OR k.attempts <> 0 OR k.parked <> 0
        ON CONFLICT (grain_key) DO UPDATE SET
            class = excluded.class, due_at = excluded.due_at, not_before = excluded.not_before, attempts = 0, parked = 0
        """;

    private const string DeleteWakes = "DELETE FROM wake WHERE grain_key = ANY ($1)";

    private const string DeleteRows = "DELETE FROM grain_row WHERE owner = ANY ($1)";

    private const string PutMessages = """
        INSERT INTO outbox (key, topic, body, class, not_before, expires_at, created_at)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (key) DO NOTHING
        """;

    private readonly PostgresStatement inserts = new(InsertStates);
    private readonly PostgresStatement updates = new(UpdateStates);
    private readonly PostgresStatement wakes = new(PutWakes);
    private readonly PostgresStatement sleeps = new(DeleteWakes);
    private readonly PostgresStatement clears = new(DeleteRows);
    private readonly PostgresStatement messages = new(PutMessages);
    private readonly (List<string?> Grain, List<string?> Name, List<byte[]?> Body) inserted;
    private readonly (List<string?> Grain, List<string?> Name, List<long> Version, List<byte[]?> Body) updated;
    private readonly (List<string?> Grain, List<long> Shard, List<long> Class, List<long> DueAt) woken;
    private readonly List<string?> asleep;
    private readonly List<string?> cleared;
    private readonly (List<string?> Key, List<string?> Topic, List<string?> Body) sent;
    private readonly (List<long> Class, List<long> From, List<long?> Until, List<long> Created) when;
    private readonly Dictionary<RowShape, PostgresRowColumns> rows = [];
    private readonly List<PostgresRowColumns> changed = [];
    private readonly List<NpgsqlBatchCommand> single = [];

    public PostgresRound()
    {
        inserted = (inserts.Texts(), inserts.Texts(), inserts.Bytes());
        updated = (updates.Texts(), updates.Texts(), updates.Numbers(), updates.Bytes());
        woken = (wakes.Texts(), wakes.Numbers(), wakes.Numbers(), wakes.Numbers());
        asleep = sleeps.Texts();
        cleared = clears.Texts();
        sent = (messages.Texts(), messages.Texts(), messages.Texts());
        when = (messages.Numbers(), messages.Numbers(), messages.NumbersOrNone(), messages.Numbers());
    }

    /// <summary>Takes a grain's state, wake-up and messages; its rows are taken one by one.</summary>
    public void Take(StateWrite write)
    {
        if (write.Expected is { } version)
        {
            updated.Grain.Add(write.GrainKey);
            updated.Name.Add(write.StateName);
            updated.Version.Add(version);
            updated.Body.Add(write.Body);
        }
        else
        {
            inserted.Grain.Add(write.GrainKey);
            inserted.Name.Add(write.StateName);
            inserted.Body.Add(write.Body);
        }

        if (write.HasEffects)
        {
            TakeWakeUp(write);
        }

        foreach (OutboxMessage message in write.Messages)
        {
            Take(message, write.Now);
        }
    }

    /// <summary>Takes a row of a grain.</summary>
    public void Take(string owner, RowChange change, RowShape shape)
    {
        if (!rows.TryGetValue(shape, out PostgresRowColumns? columns))
        {
            columns = new PostgresRowColumns(shape);
            rows.Add(shape, columns);
        }

        if (columns.IsEmpty)
        {
            changed.Add(columns);
        }

        columns.Take(owner, change);
    }

    /// <summary>Takes a change by one statement.</summary>
    public void Take(PostgresChange change)
    {
        NpgsqlBatchCommand command = new(change.Sql);
        foreach (object value in change.Values)
        {
            command.Parameters.Add(PostgresStatement.Parameter(value));
        }

        change.Command = command;
        single.Add(command);
    }

    /// <summary>Adds what was taken to a batch. What grains clear goes before the rows that they put anew.</summary>
    public void AddTo(NpgsqlBatchCommandCollection batch)
    {
        Add(inserts, inserted.Grain.Count);
        Add(updates, updated.Grain.Count);
        Add(wakes, woken.Grain.Count);
        Add(sleeps, asleep.Count);
        Add(clears, cleared.Count);
        Add(messages, sent.Key.Count);
        foreach (PostgresRowColumns columns in changed)
        {
            batch.Add(columns.Statement.Command);
        }

        foreach (NpgsqlBatchCommand command in single)
        {
            batch.Add(command);
        }

        void Add(PostgresStatement statement, int count)
        {
            if (count > 0)
            {
                batch.Add(statement.Command);
            }
        }
    }

    /// <summary>Forgets what was taken and keeps the room.</summary>
    public void Clear()
    {
        inserts.Clear();
        updates.Clear();
        wakes.Clear();
        sleeps.Clear();
        clears.Clear();
        messages.Clear();
        foreach (PostgresRowColumns columns in changed)
        {
            columns.Statement.Clear();
        }

        changed.Clear();
        single.Clear();
    }

    private void TakeWakeUp(StateWrite write)
    {
        if (write.Body is null)
        {
            cleared.Add(write.GrainKey);
        }

        if (write.NextDue is not { } due)
        {
            asleep.Add(write.GrainKey);
            return;
        }

        woken.Grain.Add(write.GrainKey);
        woken.Shard.Add(SqlValue.ShardOf(write.GrainKey));
        woken.Class.Add((long)write.WakeClass);
        woken.DueAt.Add(SqlValue.RoundedUp(due));
    }

    private void Take(OutboxMessage message, DateTimeOffset now)
    {
        long created = now.ToUnixTimeMilliseconds();
        sent.Key.Add(message.Key);
        sent.Topic.Add(message.Topic);
        sent.Body.Add(message.Body);
        when.Class.Add((long)message.Class);
        when.From.Add(message.NotBefore is { } notBefore ? SqlValue.RoundedUp(notBefore) : created);
        when.Until.Add(message.ExpiresAt?.ToUnixTimeMilliseconds());
        when.Created.Add(created);
    }
}

/// <summary>Rows of one shape, column by column.</summary>
internal sealed class PostgresRowColumns
{
    private readonly RowShape shape;
    private readonly List<string?>?[] texts;
    private readonly List<long?>?[] numbers;

    public PostgresRowColumns(RowShape shape)
    {
        this.shape = shape;
        Statement = new PostgresStatement(shape.Many);
        texts = new List<string?>?[shape.Columns.Length];
        numbers = new List<long?>?[shape.Columns.Length];
        for (int i = 0; i < shape.Columns.Length; i++)
        {
            if (shape.Columns[i].IsNumber)
            {
                numbers[i] = Statement.NumbersOrNone();
            }
            else
            {
                texts[i] = Statement.Texts();
            }
        }
    }

    /// <summary>The statement with the columns.</summary>
    public PostgresStatement Statement { get; }

    /// <summary>True before the first row of a batch.</summary>
    public bool IsEmpty => (texts[0]?.Count ?? numbers[0]?.Count) == 0;

    /// <summary>Takes a row.</summary>
    public void Take(string owner, RowChange change)
    {
        for (int i = 0; i < texts.Length; i++)
        {
            RowValue value = shape.Value(owner, change, i);
            texts[i]?.Add(value.Text);
            numbers[i]?.Add(value.Number);
        }
    }
}
