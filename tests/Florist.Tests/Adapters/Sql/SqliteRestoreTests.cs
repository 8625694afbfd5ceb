using System.Text;
using Florist.Adapters.Sql;
using Florist.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Florist.Tests.Adapters.Sql;

public sealed class SqliteRestoreTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly ManualTime time = new();

    private string Backup => Path.Combine(folder.Path, "backup.db");

    private string Data => Path.Combine(folder.Path, "data");

    private string Database => Path.Combine(Data, "florist.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_backup_becomes_the_database_of_an_empty_folder_under_a_new_epoch()
    {
        await TakeBackup();

        RestoreReport report = Restore();

        Assert.Equal((1, null), (report.States, report.Kept));
        using Opened again = new(Data);
        Assert.Equal("written", await again.Read("one"));
        Assert.Null(await again.Read("two"));
        Assert.Equal(report.Epoch + 1, await again.Number("SELECT epoch FROM owner"));
        Assert.Equal(time.GetUtcNow().ToUnixTimeMilliseconds(), await again.Number("SELECT at FROM restored"));
    }

    [Fact]
    public async Task A_database_that_is_replaced_is_kept_with_its_log_and_its_epoch_is_passed()
    {
        await TakeBackup();
        for (int run = 0; run < 4; run++)
        {
            new Opened(Data).Dispose();
        }

        // As a killed process leaves it: with commits in the log that the file lacks.
        Opened killed = new(Data);
        await killed.Write("three", "written before the end");
        killed.Abandon();

        RestoreException refused = Assert.Throws<RestoreException>(() => Restore());
        Assert.Contains("is not empty", refused.Message);
        RestoreReport report = Restore(force: true);

        Assert.Equal(6, report.Epoch);
        Assert.False(File.Exists(Database + "-wal"), "the old log lies beside the restored file");
        using (Opened kept = new(report.Kept ?? ""))
        {
            Assert.Equal("written before the end", await kept.Read("three"));
        }

        using Opened restored = new(Data);
        Assert.Equal((null, "written"), (await restored.Read("three"), await restored.Read("one")));
    }

    [Theory]
    [InlineData(20_000)]
    [InlineData(8_300)]
    public async Task A_damaged_backup_is_refused_and_nothing_is_changed(int at)
    {
        await TakeBackup();
        byte[] bytes = await File.ReadAllBytesAsync(Backup, TestContext.Current.CancellationToken);
        bytes.AsSpan(at, 4096).Fill(0x5a);
        await File.WriteAllBytesAsync(Backup, bytes, TestContext.Current.CancellationToken);

        Assert.Throws<RestoreException>(() => Restore());

        Assert.Empty(Directory.GetFiles(Data, "florist.db*"));
    }

    [Fact]
    public void A_file_that_is_no_database_or_one_of_another_program_is_refused()
    {
        Assert.Contains("there is no file", Assert.Throws<RestoreException>(() => Restore()).Message);

        File.WriteAllText(Backup, "Dear backup, ...");
        Assert.Contains("no sound database", Assert.Throws<RestoreException>(() => Restore()).Message);

        File.WriteAllText(Backup, "");
        Assert.Contains("no database of this product", Assert.Throws<RestoreException>(() => Restore()).Message);
        Assert.Empty(Directory.GetFiles(Data, "florist.db*"));
    }

    [Fact]
    public async Task A_file_beside_its_log_is_no_backup()
    {
        await TakeBackup();
        await File.WriteAllTextAsync(Backup + "-wal", "commits", TestContext.Current.CancellationToken);

        Assert.Contains("write-ahead log", Assert.Throws<RestoreException>(() => Restore()).Message);
    }

    [Fact]
    public async Task A_folder_in_use_is_refused()
    {
        await TakeBackup();
        using Opened owner = new(Data);

        Assert.Throws<OwnerLockException>(() => Restore(force: true));
    }

    [Fact]
    public async Task No_empty_database_takes_the_place_of_a_restore_that_was_broken_off()
    {
        await TakeBackup();
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(Database + ".restoring", "half of", TestContext.Current.CancellationToken);

        RestoreException refused = Assert.Throws<RestoreException>(() => new Opened(Data));
        Assert.Contains("broken off", refused.Message);

        Assert.Equal(1, Restore().States);
    }

    [Fact]
    public async Task A_copy_that_is_broken_off_leaves_nothing()
    {
        using Opened source = new(Data);
        await source.Write("one", "written");
        using CancellationTokenSource gone = new();
        await gone.CancelAsync();

        Assert.Throws<OperationCanceledException>(() => SqliteCopy.Make(Database, Backup, gone.Token));

        Assert.False(File.Exists(Backup));
    }

    private RestoreReport Restore(bool force = false) => new SqliteRestore(
        new SqliteOptions { DataFolder = Data }, time, NullLogger<SqliteRestore>.Instance).Run(Backup, force);

    private async Task TakeBackup()
    {
        using Opened source = new(Path.Combine(folder.Path, "source"));
        await source.Write("one", "written");
        SqliteCopy.Make(source.Path, Backup, CancellationToken.None);
        await source.Write("two", "written after the backup");
    }

    /// <summary>The storage on a folder, without the probes of other tests, which no backup of the product has.</summary>
    private sealed class Opened : IDisposable
    {
        private readonly SqliteDatabase database;
        private readonly SqliteStateStore store;

        public Opened(string folder)
        {
            SqliteOptions options = new() { DataFolder = folder };
            Path = options.DatabasePath;
            database = new SqliteDatabase(
                Options.Create(options), new RecordedEnd(), new ManualTime(), NullLogger<SqliteDatabase>.Instance);
            store = new SqliteStateStore(database);
        }

        public string Path { get; }

        public Task<long> Write(string grain, string text) => store.Commit(new StateWrite
        {
            GrainKey = $"probe/{grain}",
            StateName = "state",
            Expected = null,
            Body = Encoding.UTF8.GetBytes(text),
            Now = DateTimeOffset.UnixEpoch,
        });

        public async Task<string?> Read(string grain) =>
            await store.Read($"probe/{grain}", "state", CancellationToken.None) is { Body: { } body }
                ? Encoding.UTF8.GetString(body)
                : null;

        public async Task<long> Number(string sql) =>
            (await database.Read(sql, [], row => row.GetInt64(0), CancellationToken.None)).Single();

        public void Abandon() => database.Abandon();

        public void Dispose() => database.Dispose();
    }
}
