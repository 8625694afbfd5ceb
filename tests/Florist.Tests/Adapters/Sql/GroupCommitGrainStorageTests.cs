using System.Collections.Immutable;
using System.Text;
using Florist.Adapters.Sql;
using Florist.Kernel;
using Orleans.Runtime;
using Orleans.Storage;

namespace Florist.Tests.Adapters.Sql;

/// <summary>What both databases promise.</summary>
public abstract class GroupCommitGrainStorageTests : IAsyncLifetime
{
    private readonly Engine engine;
    private TestDatabase? opened;

    protected GroupCommitGrainStorageTests(Engine engine)
    {
        this.engine = engine;
    }

    private TestDatabase Db => opened ?? throw new InvalidOperationException("not open");

    public async ValueTask InitializeAsync() => opened = await TestDatabase.Open(engine);

    public ValueTask DisposeAsync()
    {
        opened?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_state_that_was_never_written_is_the_initial_one_without_an_etag()
    {
        Held<ProbeState> held = await Db.Load(OpenDatabase.Grain("a"));

        Assert.False(held.RecordExists);
        Assert.Null(held.ETag);
        Assert.Equal("", held.State.Text);
    }

    [Fact]
    public async Task What_was_written_is_read_back_and_the_etag_is_the_version()
    {
        GrainId grain = OpenDatabase.Grain("a");
        Held<ProbeState> held = await Db.Put(grain, new ProbeState { Text = "one" });
        Assert.Equal("1", held.ETag);
        held.State = new ProbeState { Text = "two" };
        await Db.Write(grain, held);

        Held<ProbeState> read = await Db.Load(grain);

        Assert.Equal(("two", "2", true), (read.State.Text, read.ETag, read.RecordExists));
    }

    [Theory]
    [InlineData("0a", "a")]
    [InlineData("a", "A")]
    [InlineData("12", "0x0C")]
    [InlineData("ß", "ss")]
    [InlineData("a/b", "a")]
    [InlineData("a ", "a")]
    public async Task Keys_that_look_alike_are_different_grains(string one, string other)
    {
        await Db.Put(OpenDatabase.Grain(one), new ProbeState { Text = "one" });
        await Db.Put(OpenDatabase.Grain(other), new ProbeState { Text = "other" });

        Assert.Equal("one", (await Db.Load(OpenDatabase.Grain(one))).State.Text);
        Assert.Equal("other", (await Db.Load(OpenDatabase.Grain(other))).State.Text);
    }

    [Fact]
    public async Task Grains_of_two_types_with_the_same_key_share_nothing()
    {
        await Db.Put(OpenDatabase.Grain("a", "orders"), new ProbeState { Text = "order" });

        Assert.False((await Db.Load(OpenDatabase.Grain("a", "customers"))).RecordExists);
    }

    [Fact]
    public async Task The_second_of_two_who_read_the_same_version_is_refused_and_changes_nothing()
    {
        GrainId grain = OpenDatabase.Grain("a");
        await Db.Put(grain, new ProbeState { Text = "start" });
        Held<ProbeState> first = await Db.Load(grain);
        Held<ProbeState> second = await Db.Load(grain);
        first.State = new ProbeState { Text = "first" };
        await Db.Write(grain, first);

        second.State = new ProbeState { Text = "second" }.Send("late").Put(RowChange.PutChild("note", "1", "{}"));
        InconsistentStateException refusal =
            await Assert.ThrowsAsync<InconsistentStateException>(() => Db.Write(grain, second));

        Assert.Equal(("2", "1"), (refusal.StoredEtag, refusal.CurrentEtag));
        Assert.Equal("first", (await Db.Load(grain)).State.Text);
        Assert.Empty(await Db.AllMessages());
        Assert.Empty(await Db.Rows.Read(grain, "note", 10));
    }

    [Fact]
    public async Task Of_sixteen_first_writes_at_once_exactly_one_wins()
    {
        GrainId grain = OpenDatabase.Grain("a");
        Task[] writes = [.. Enumerable.Range(0, 16).Select(i => Task.Run(() => Db.Write(
            grain, new Held<ProbeState> { State = new ProbeState { Text = $"{i}" }.Send($"message-{i}") })))];

        await Task.WhenAll(writes).ContinueWith(_ => { }, TaskScheduler.Default);

        Task winner = Assert.Single(writes, write => write.IsCompletedSuccessfully);
        await winner;
        Assert.All(
            writes.Where(write => write.IsFaulted).Select(write => write.Exception?.InnerException),
            failure => Assert.IsType<InconsistentStateException>(failure));
        Assert.Equal(1, await Db.Number("SELECT COUNT(*) FROM grain_state"));
        OutboxRow message = Assert.Single(await Db.AllMessages());
        Assert.Equal("message-" + (await Db.Load(grain)).State.Text, message.Message.Key);
    }

    [Fact]
    public async Task A_cleared_state_is_the_initial_one_again_and_its_version_goes_on()
    {
        GrainId grain = OpenDatabase.Grain("a");
        Held<ProbeState> held = await Db.Put(
            grain,
            new ProbeState { Text = "one", Due = Db.Time.GetUtcNow() }.Put(RowChange.PutChild("note", "1", "{}")));
        held.State = held.State.With(Effects.None.Send(new OutboxMessage { Key = "bye", Topic = "t", Body = "{}" }));

        await Db.Storage.ClearStateAsync("state", grain, held);

        Assert.Equal(("", "2", false), (held.State.Text, held.ETag, held.RecordExists));
        Held<ProbeState> read = await Db.Load(grain);
        Assert.Equal(("", "2", false), (read.State.Text, read.ETag, read.RecordExists));
        Assert.Empty(await Db.AllWakes());
        Assert.Empty(await Db.Rows.Read(grain, "note", 10));
        Assert.Equal("bye", Assert.Single(await Db.AllMessages()).Message.Key);
    }

    [Fact]
    public async Task Who_read_a_state_before_it_was_cleared_cannot_write_after_it_was_made_anew()
    {
        GrainId grain = OpenDatabase.Grain("a");
        Held<ProbeState> stale = await Db.Put(grain, new ProbeState { Text = "old" });
        Held<ProbeState> live = await Db.Load(grain);
        await Db.Storage.ClearStateAsync("state", grain, live);
        live.State = new ProbeState { Text = "new" };
        await Db.Write(grain, live);

        await Assert.ThrowsAsync<InconsistentStateException>(() => Db.Write(grain, stale));
    }

    [Fact]
    public async Task Clearing_before_the_first_write_works()
    {
        GrainId grain = OpenDatabase.Grain("a");
        Held<ProbeState> held = await Db.Load(grain);

        await Db.Storage.ClearStateAsync("state", grain, held);
        held.State = new ProbeState { Text = "first" };
        await Db.Write(grain, held);

        Assert.Equal("first", (await Db.Load(grain)).State.Text);
    }

    [Fact]
    public async Task A_write_is_a_snapshot_of_the_turn_that_made_it()
    {
        GrainId grain = OpenDatabase.Grain("a");
        TaskCompletionSource gate = new();
        Task holding = await Db.Hold(gate.Task);
        Held<ProbeState> held = new() { State = new ProbeState { Text = "as written" } };
        Task write = Db.Write(grain, held);
        held.State = new ProbeState { Text = "changed since" };
        gate.SetResult();
        await Task.WhenAll(holding, write);

        Assert.Equal("as written", (await Db.Load(grain)).State.Text);
    }

    [Fact]
    public async Task A_read_does_not_overtake_a_queued_write_of_the_same_state()
    {
        GrainId grain = OpenDatabase.Grain("a");
        TaskCompletionSource gate = new();
        Task holding = await Db.Hold(gate.Task);
        Task write = Db.Write(grain, new Held<ProbeState> { State = new ProbeState { Text = "queued" } });

        Task<Held<ProbeState>> read = Db.Load(grain);
        Assert.False(read.IsCompleted);
        gate.SetResult();

        Assert.Equal("queued", (await read).State.Text);
        await Task.WhenAll(holding, write);
    }

    [Fact]
    public async Task A_message_key_is_stored_once_whoever_sends_it()
    {
        await Db.Put(OpenDatabase.Grain("a"), new ProbeState().Send("same"));
        await Db.Put(OpenDatabase.Grain("b"), new ProbeState().Send("same"));

        Assert.Single(await Db.AllMessages());
    }

    [Fact]
    public async Task A_message_keeps_its_times_and_a_message_without_a_time_may_go_at_once()
    {
        DateTimeOffset now = Db.Time.GetUtcNow();
        OutboxMessage later = new()
        {
            Key = "later",
            Topic = "t",
            Body = """{"a":1}""",
            Class = OutboxClass.Critical,
            NotBefore = now.AddHours(1),
            ExpiresAt = now.AddHours(2),
        };
        await Db.Put(OpenDatabase.Grain("a"), new ProbeState().Send("now").With(Effects.None.Send(later)).Send("now"));

        OutboxRow due = Assert.Single(await Db.Outbox.Due(OutboxClass.Notice, now, 10, default));
        Assert.Equal("now", due.Message.Key);
        Assert.Empty(await Db.Outbox.Due(OutboxClass.Critical, now.AddMilliseconds(3_599_999), 10, default));
        OutboxRow then = Assert.Single(await Db.Outbox.Due(OutboxClass.Critical, now.AddHours(1), 10, default));
        Assert.Equal(later, then.Message);
        Assert.Equal(now, await Db.Outbox.NextDue(default));
    }

    [Fact]
    public async Task Child_rows_belong_to_the_grain_that_commits_them_and_are_read_in_order_of_their_ids()
    {
        GrainId a = OpenDatabase.Grain("a");
        ProbeState state = new();
        foreach (string id in new[] { "2", "1", "10", "3" })
        {
            state = state.Put(RowChange.PutChild("note", id, $"\"{id}\""));
        }

        await Db.Put(a, state.Put(RowChange.PutChild("other", "9", "0")).Put(RowChange.DeleteChild("note", "3")));
        await Db.Put(OpenDatabase.Grain("b"), new ProbeState().Put(RowChange.PutChild("note", "2", "\"b\"")));

        Assert.Equal(["1", "10", "2"], Ids(await Db.Rows.Read(a, "note", 10)));
        Assert.Equal(["2", "10"], Ids(await Db.Rows.Read(a, "note", 2, backwards: true)));
        Assert.Equal(["10", "2"], Ids(await Db.Rows.Read(a, "note", 10, after: "1")));
        Assert.Equal(["1"], Ids(await Db.Rows.Read(a, "note", 10, after: "10", backwards: true)));
        Assert.Equal("\"2\"", (await Db.Rows.Read(a, "note", 10))[2].Body);
    }

    [Fact]
    public async Task An_index_row_is_put_over_an_older_one_and_deleted_by_its_key()
    {
        GrainId grain = OpenDatabase.Grain("a");
        await Db.Put(grain, new ProbeState().Put(Index(5)).Put(Index(7)));
        Assert.Equal(
            7, await Db.Number("SELECT amount FROM probe_index WHERE customer_id = 'c' AND day = '2026-02-14'"));

        await Db.Put(grain, new ProbeState().Put(Index(7) with { Values = default }));
        Assert.Equal(0, await Db.Number("SELECT COUNT(*) FROM probe_index"));
    }

    public static TheoryData<string, string, string> BadRows => new()
    {
        { "outbox", "key", "topic" },
        { "grain_state", "grain_key", "body" },
        { "nowhere", "a", "b" },
        { "probe_index", "customer_id", "note" },
        { "probe_index; DROP TABLE wake", "customer_id", "note" },
    };

    [Theory]
    [MemberData(nameof(BadRows))]
    public async Task A_row_of_a_table_or_key_that_no_migration_declares_is_refused(
        string table, string key, string value)
    {
        RowChange row = new() { Table = table, Key = [new(key, "x")], Values = [new(value, "y")] };

        await Assert.ThrowsAsync<ArgumentException>(
            () => Db.Put(OpenDatabase.Grain("a"), new ProbeState().Put(row)));

        Assert.False((await Db.Load(OpenDatabase.Grain("a"))).RecordExists);
    }

    [Fact]
    public async Task A_row_with_a_column_that_the_table_has_not_is_refused()
    {
        RowChange row = Index(1) with { Values = [new("amount = 0; --", 1L)] };

        await Assert.ThrowsAsync<ArgumentException>(
            () => Db.Put(OpenDatabase.Grain("a"), new ProbeState().Put(row)));
    }

    [Fact]
    public async Task A_foreign_etag_is_a_conflict()
    {
        Held<ProbeState> held = new() { ETag = "W/\"abc\"" };

        await Assert.ThrowsAsync<InconsistentStateException>(() => Db.Write(OpenDatabase.Grain("a"), held));
    }

    [Fact]
    public async Task The_stored_body_is_plain_json_without_effects()
    {
        GrainId grain = OpenDatabase.Grain("a");
        await Db.Put(grain, new ProbeState { Text = "é" }.Send("m"));

        StoredState? stored = await Db.Store.Read(grain.ToString(), "state", default);

        Assert.Equal("""{"text":"é"}""", Encoding.UTF8.GetString(stored?.Body ?? []));
    }

    private static RowChange Index(long amount) => new()
    {
        Table = "probe_index",
        Key = [new("customer_id", "c"), new("day", (DateOnly?)new DateOnly(2026, 2, 14))],
        Values = [new("amount", amount), new("note", (string?)null)],
    };

    private static IEnumerable<string> Ids(ImmutableArray<GrainRow> rows) => rows.Select(row => row.Id);
}

public sealed class GroupCommitGrainStorageOnSqliteTests() : GroupCommitGrainStorageTests(Engine.Sqlite);

public sealed class GroupCommitGrainStorageOnPostgresTests() : GroupCommitGrainStorageTests(Engine.Postgres);
