using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Tests.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Orleans.Runtime;

namespace Florist.Tests.Adapters.Sql;

/// <summary>The storage on a real file in a folder of its own.</summary>
internal sealed class OpenDatabase : IDisposable
{
    private static readonly Migration ProbeTable = new(9999, "probe", """
        CREATE TABLE probe_index (customer_id TEXT NOT NULL, day TEXT NOT NULL, amount BIGINT, note TEXT,
            CHECK (amount IS NULL OR amount >= 0), PRIMARY KEY (customer_id, day))
        """);

    private readonly TempFolder? ownFolder;

    public OpenDatabase(Action<SqliteOptions>? configure = null, string? folder = null)
    {
        ownFolder = folder is null ? new TempFolder() : null;

        // A slow machine must not split the batches that tests hold together.
        Options = new SqliteOptions { DataFolder = folder ?? ownFolder?.Path ?? "", BatchMsMax = 10_000 };
        configure?.Invoke(Options);
        Database = new SqliteDatabase(
            Options, Fatal, Time, NullLogger.Instance, [.. Migration.All(), ProbeTable]);
        Store = new SqliteStateStore(Database);
        CommitSignals signals = new();
        Storage = new GroupCommitGrainStorage(Store, signals, Time, NullLogger<GroupCommitGrainStorage>.Instance);
        Wakes = new WakeTable(Database, signals);
        Outbox = new OutboxTable(Database, signals);
        Rows = new GrainRows(Database);
    }

    public SqliteOptions Options { get; }

    public ManualTime Time { get; } = new();

    public RecordedEnd Fatal { get; } = new();

    public SqliteDatabase Database { get; }

    public SqliteStateStore Store { get; }

    public GroupCommitGrainStorage Storage { get; }

    public WakeTable Wakes { get; }

    public OutboxTable Outbox { get; }

    public GrainRows Rows { get; }

    public static GrainId Grain(string key, string type = "probe") => GrainId.Create(type, key);

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

    public Task<long?> Number(string sql, params object?[] values) =>
        Database.Readers.Read(session => session.Number(sql, values), CancellationToken.None);

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

    /// <summary>Keeps the writer busy until the task is completed, so that what follows waits in the queue.</summary>
    public Task<int> Hold(Task until) => Database.Writer.Run(0, _ =>
    {
        ((IAsyncResult)until).AsyncWaitHandle.WaitOne();
        return 1;
    });

    public void Dispose()
    {
        Database.Dispose();
        ownFolder?.Dispose();
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
