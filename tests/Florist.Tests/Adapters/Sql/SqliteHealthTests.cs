using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Tests.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Florist.Tests.Adapters.Sql;

public sealed class SqliteHealthTests
{
    [Fact]
    public void An_alarm_is_raised_once_when_it_begins_and_its_end_is_told()
    {
        long free = 1000;
        using OpenDatabase db = Open(() => free);
        CapturedLog log = new();
        using SqliteHealth health = Health(db, log);

        foreach (long next in (long[])[1000, 199, 150, 99, 50, 150, 1000, 1000])
        {
            free = next;
            health.Look();
        }

        Assert.Equal([222, 221, 222, 223], log.Entries.Select(entry => entry.Id));
        Assert.Equal(1000, health.Current?.FreeBytes);
    }

    [Fact]
    public void The_real_disk_is_asked_where_nothing_else_is_said()
    {
        using OpenDatabase db = Open(null);
        using SqliteHealth health = Health(db, new CapturedLog());

        health.Look();

        Assert.InRange(health.Current?.FreeBytes ?? 0, 1, long.MaxValue);
        Assert.InRange(health.Current?.DatabaseBytes ?? 0, 4096, 10 << 20);
    }

    [Fact]
    public async Task A_read_that_does_not_end_is_told_once_with_its_age()
    {
        using OpenDatabase db = Open(() => 1000, readMsUsual: 1);
        CapturedLog log = new();
        using SqliteHealth health = Health(db, log);
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ManualResetEventSlim end = new();
        Task reading = Task.Run(() => db.Database.Readers.Read(
            _ =>
            {
                begun.SetResult();
                return end.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
            },
            CancellationToken.None));
        await begun.Task;
        while (db.Database.Readers.OldestRead < TimeSpan.FromMilliseconds(2))
        {
            await Task.Yield();
        }

        health.Look();
        health.Look();
        end.Set();
        await reading;
        health.Look();

        Assert.Equal([226], log.Entries.Select(entry => entry.Id));
        Assert.Equal(TimeSpan.Zero, db.Database.Readers.OldestRead);
    }

    [Fact]
    public async Task A_log_that_nothing_empties_is_told()
    {
        using OpenDatabase db = Open(() => 1000, walBytesMax: 1 << 20);
        CapturedLog log = new();
        using SqliteHealth health = Health(db, log);
        health.Look();
        Assert.Empty(log.Entries);

        // A reader in a transaction of its own holds the log as it is.
        using Microsoft.Data.Sqlite.SqliteConnection reader =
            new($"Data Source={db.Options.DatabasePath};Mode=ReadOnly;Pooling=False");
        reader.Open();
        using Microsoft.Data.Sqlite.SqliteTransaction held = reader.BeginTransaction(deferred: true);
        using (Microsoft.Data.Sqlite.SqliteCommand look = reader.CreateCommand())
        {
            look.Transaction = held;
            look.CommandText = "SELECT count(*) FROM wake";
            look.ExecuteScalar();
        }

        for (int i = 0; i < 6; i++)
        {
            await db.Put(OpenDatabase.Grain($"g{i}"), new ProbeState { Text = new string('x', 500_000) });
        }

        health.Look();

        Assert.Equal([225], log.Entries.Select(entry => entry.Id));
        Assert.InRange(health.Current?.WalBytes ?? 0, 2 << 20, long.MaxValue);
    }

    [Fact]
    public void The_limits_must_be_in_their_order() => Assert.True(new SqliteOptionsConsistency()
        .Validate(null, new SqliteOptions { FreeBytesLow = 1, FreeBytesMin = 2 }).Failed);

    private static OpenDatabase Open(Func<long>? free, int readMsUsual = 60_000, long walBytesMax = 64 << 20) =>
        new(options =>
        {
            options.SyncEveryCommit = false;
            options.FreeBytes = free;
            options.FreeBytesLow = 200;
            options.FreeBytesMin = 100;
            options.ReadMsUsual = readMsUsual;
            options.WalBytesMax = walBytesMax;
        });

    private static SqliteHealth Health(OpenDatabase db, CapturedLog log)
    {
        using ILoggerFactory factory = LoggerFactory.Create(builder => builder.AddProvider(log));
        return new SqliteHealth(db.Database, Options.Create(db.Options), factory.CreateLogger<SqliteHealth>());
    }
}
