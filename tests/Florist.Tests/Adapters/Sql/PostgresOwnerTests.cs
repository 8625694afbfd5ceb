using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Tests.Testing.Postgres;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Florist.Tests.Adapters.Sql;

public sealed class PostgresOwnerTests
{
    [Fact]
    public async Task A_second_owner_is_refused_with_the_database_and_the_holder_named_and_the_first_is_unharmed()
    {
        using OpenPostgres db = await OpenPostgres.At();

        OwnerLockException refusal =
            await Assert.ThrowsAsync<OwnerLockException>(() => OpenPostgres.At(db.Options.ConnectionString));

        Assert.Contains("127.0.0.1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"pid {Environment.ProcessId} ", refusal.Message, StringComparison.Ordinal);
        await db.Put(OpenDatabase.Grain("a"), new ProbeState());
        Assert.Equal(1, await db.Number("SELECT epoch FROM owner"));
    }

    [Fact]
    public async Task Two_schemas_of_one_database_have_owners_of_their_own()
    {
        using OpenPostgres one = await OpenPostgres.At();
        using OpenPostgres other = await OpenPostgres.At();
        await one.Put(OpenDatabase.Grain("a"), new ProbeState { Text = "one" });

        Assert.False((await other.Load(OpenDatabase.Grain("a"))).RecordExists);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_named_without_its_password()
    {
        PostgresCluster cluster = await PostgresRun.Cluster();
        string text = $"Host=127.0.0.1;Port={cluster.Port};Username=postgres;Password=rosebud;Database=nowhere";

        StorageUnreachableException refusal =
            await Assert.ThrowsAsync<StorageUnreachableException>(() => OpenPostgres.At(text));

        Assert.Contains("nowhere at 127.0.0.1", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("rosebud", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Hots=127.0.0.1")]
    [InlineData("Host=127.0.0.1;Port=many")]
    [InlineData("just words")]
    public async Task A_connection_string_that_cannot_be_read_is_said_in_words(string text)
    {
        StorageUnreachableException refusal =
            await Assert.ThrowsAsync<StorageUnreachableException>(() => OpenPostgres.At(text));

        Assert.StartsWith("Storage:ConnectionString cannot be read: ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_owner_whose_lock_connection_ends_must_stop_and_another_takes_over_with_a_higher_epoch()
    {
        using OpenPostgres first = await OpenPostgres.At(null, options => options.OwnerCheckMs = 20);
        await first.Put(OpenDatabase.Grain("a"), new ProbeState { Text = "kept" });
        await first.Beside("""
            SELECT count(pg_terminate_backend(pid)) FROM pg_locks
            WHERE locktype = 'advisory' AND classid = 1179406167 AND objid = current_schema()::regnamespace
            """);

        Assert.Contains("the lock on the database is gone", await first.Fatal.Ended, StringComparison.Ordinal);
        using OpenPostgres second = await OpenPostgres.At(first.Options.ConnectionString);
        Assert.Equal(2, await second.Number("SELECT epoch FROM owner"));
        Assert.Equal("kept", (await second.Load(OpenDatabase.Grain("a"))).State.Text);
    }

    [Fact]
    public async Task What_the_last_owner_still_had_under_way_is_over_before_the_next_one_reads()
    {
        using OpenPostgres first = await OpenPostgres.At(null, options => options.OwnerCheckMs = 60_000);
        Held<ProbeState> held = await first.Put(OpenDatabase.Grain("a"), new ProbeState { Text = "one" });
        await first.Beside("""
            SELECT count(pg_terminate_backend(pid)) FROM pg_locks
            WHERE locktype = 'advisory' AND classid = 1179406167 AND objid = current_schema()::regnamespace
            """);

        // The first owner has not noticed yet. Until the epoch is raised it may write, and what it writes counts.
        held.State = new ProbeState { Text = "two" };
        await first.Write(OpenDatabase.Grain("a"), held);
        using OpenPostgres second = await OpenPostgres.At(first.Options.ConnectionString);
        held.State = new ProbeState { Text = "never" };
        await Assert.ThrowsAsync<StorageOutcomeUnknownException>(() => first.Write(OpenDatabase.Grain("a"), held));

        Assert.Contains("another process took over", await first.Fatal.Ended, StringComparison.Ordinal);
        Assert.Equal("two", (await second.Load(OpenDatabase.Grain("a"))).State.Text);
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task A_standby_waits_while_there_is_an_owner_and_goes_on_when_it_is_gone(Engine engine)
    {
        using TestPlace place = await TestPlace.New(engine);
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Sqlite:DataFolder"] = place.At,
            ["Storage:ConnectionString"] = engine == Engine.Postgres ? place.At : null,
        }).Build();
        TestDatabase owner = await TestDatabase.Open(engine, at: place.At);
        TaskCompletionSource<string> waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task standby = Standby.Wait(settings, waiting.SetResult, TestContext.Current.CancellationToken);
        Assert.NotEmpty(await waiting.Task);
        Assert.False(standby.IsCompleted);
        owner.Abandon();

        await standby;
        using TestDatabase next = await TestDatabase.Open(engine, at: place.At);
        Assert.Equal(2, await next.Number("SELECT epoch FROM owner"));
    }

    [Fact]
    public async Task A_standby_can_be_called_off()
    {
        using OpenPostgres owner = await OpenPostgres.At();
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["Storage:ConnectionString"] = owner.Options.ConnectionString }).Build();
        using CancellationTokenSource cancellation = new();
        Task standby = Standby.Wait(settings, _ => { }, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => standby);
    }
}
