using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Orleans.Runtime;

namespace Florist.Tests.Adapters.Sql;

/// <summary>Which database a suite that runs on both runs on.</summary>
public enum Engine
{
    Sqlite,
    Postgres,
}

/// <summary>The storage on a real database of its own, whichever it is.</summary>
internal abstract class TestDatabase : IDisposable
{
    private ISqlDatabase? sql;
    private IStateStore? store;
    private GroupCommitGrainStorage? storage;
    private WakeTable? wakes;
    private OutboxTable? outbox;
    private GrainRows? rows;

    /// <summary>Tables of the tests: one to put rows into, one to filter by every type of field.</summary>
    public static ImmutableArray<Migration> ProbeTables { get; } =
    [
        new(9998, "filter_probe", """
            CREATE TABLE filter_probe (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, tags TEXT NOT NULL,
                stems BIGINT NOT NULL, has_stems BIGINT NOT NULL, weight BIGINT NOT NULL, total BIGINT NOT NULL,
                delivery_date TEXT NOT NULL, create_time BIGINT NOT NULL, delay BIGINT NOT NULL, gift BIGINT NOT NULL,
                state TEXT NOT NULL)
            """),
        new(9999, "probe", """
            CREATE TABLE probe_index (customer_id TEXT NOT NULL, day TEXT NOT NULL, amount BIGINT, note TEXT,
                CHECK (amount IS NULL OR amount >= 0), PRIMARY KEY (customer_id, day))
            """),
    ];

    public ManualTime Time { get; } = new();

    public RecordedEnd Fatal { get; } = new();

    public ISqlDatabase Sql => sql ?? throw new InvalidOperationException("not open");

    public IStateStore Store => store ?? throw new InvalidOperationException("not open");

    public GroupCommitGrainStorage Storage => storage ?? throw new InvalidOperationException("not open");

    public WakeTable Wakes => wakes ?? throw new InvalidOperationException("not open");

    public OutboxTable Outbox => outbox ?? throw new InvalidOperationException("not open");

    public GrainRows Rows => rows ?? throw new InvalidOperationException("not open");

    /// <summary>Opens an empty database; on SQLite without waiting for the disk.</summary>
    /// <param name="engine">Which; skips the test where it is not installed.</param>
    /// <param name="queueMax">Writes waiting at once.</param>
    /// <param name="at">Where it is; null for a new one.</param>
    /// <param name="writers">Connections that write, where there can be several.</param>
    public static async Task<TestDatabase> Open(
        Engine engine, int queueMax = 4096, string? at = null, int writers = 2) =>
        engine == Engine.Postgres
            ? await OpenPostgres.At(
                at,
                options =>
                {
                    options.QueueMax = queueMax;
                    options.Writers = writers;
                })
            : new OpenDatabase(
                options =>
                {
                    options.SyncEveryCommit = false;
                    options.QueueMax = queueMax;
                },
                at);

    /// <summary>Writes that wait to be taken into a batch.</summary>
    public abstract int Waiting { get; }

    /// <summary>Keeps the writers busy until the task is completed, so that what follows waits in the queue.</summary>
    /// <returns>When they are busy: the task that ends when they are free again.</returns>
    public abstract Task<Task> Hold(Task until);

    /// <summary>Ends as a killed process does.</summary>
    public abstract void Abandon();

    public abstract void Dispose();

    /// <summary>Reads a grain's state as an activation does.</summary>
    public async Task<Held<ProbeState>> Load(GrainId grain, string stateName = "state")
    {
        Held<ProbeState> held = new();
        await Storage.ReadStateAsync(stateName, grain, held);
        return held;
    }

    public Task Write(GrainId grain, Held<ProbeState> held) => Storage.WriteStateAsync("state", grain, held);

    /// <summary>Reads a grain's state and writes another.</summary>
    public async Task<Held<ProbeState>> Put(GrainId grain, ProbeState state)
    {
        Held<ProbeState> held = await Load(grain);
        held.State = state;
        await Write(grain, held);
        return held;
    }

    public async Task<long?> Number(string sql, params object[] values) => (await Sql.Read(
        sql, values, row => SqlValue.Number(row, 0), CancellationToken.None)).FirstOrDefault();

    public async Task<ImmutableArray<WakeRow>> AllWakes()
    {
        ImmutableArray<WakeRow> all = [];
        foreach (WakeClass lane in Enum.GetValues<WakeClass>())
        {
            all = all.AddRange(await Wakes.Due(lane, DateTimeOffset.MaxValue, 10_000, CancellationToken.None));
        }

        return all;
    }

    public async Task<ImmutableArray<OutboxRow>> AllMessages()
    {
        ImmutableArray<OutboxRow> all = [];
        foreach (OutboxClass lane in Enum.GetValues<OutboxClass>())
        {
            all = all.AddRange(await Outbox.Due(lane, DateTimeOffset.MaxValue, 10_000, CancellationToken.None));
        }

        return all;
    }

    /// <summary>Puts on the open database what stands on it in the product.</summary>
    protected void Stand(ISqlDatabase database, IStateStore states)
    {
        CommitSignals signals = new();
        sql = database;
        store = states;
        storage = new GroupCommitGrainStorage(states, signals, Time, NullLogger<GroupCommitGrainStorage>.Instance);
        wakes = new WakeTable(database, signals, Time);
        outbox = new OutboxTable(database, signals);
        rows = new GrainRows(database);
    }
}

/// <summary>Notes that the process would have ended.</summary>
internal sealed class RecordedEnd : IFatal
{
    private readonly TaskCompletionSource<string> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool HasEnded => ended.Task.IsCompleted;

    public Task<string> Ended => ended.Task;

    public void End(string reason, Exception cause) => ended.TrySetResult($"{reason}: {cause.Message}");
}

/// <summary>A state in memory, as the grain host holds it.</summary>
internal sealed class Held<T> : IGrainState<T>
    where T : new()
{
    private T held = new();

    [AllowNull]
    public T State
    {
        get => held;
        set => held = value ?? new T();
    }

    public string? ETag { get; set; }

    public bool RecordExists { get; set; }
}

/// <summary>A state with effects.</summary>
internal sealed record ProbeState : IDurableState<ProbeState>
{
    public string Text { get; init; } = "";

    public DateTimeOffset? Due { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public DateTimeOffset? NextDue => Due;

    [System.Text.Json.Serialization.JsonIgnore]
    public WakeClass WakeClass { get; init; } = WakeClass.Notice;

    [System.Text.Json.Serialization.JsonIgnore]
    public Effects Effects { get; init; } = Effects.None;

    public ProbeState With(Effects effects) => this with { Effects = effects };

    public ProbeState Send(string key, string topic = "probe.said") =>
        With(Effects.Send(new OutboxMessage { Key = key, Topic = topic, Body = "{}" }));

    public ProbeState Put(RowChange row) => With(Effects.Put(row));
}
