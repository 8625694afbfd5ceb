using System.Collections.Immutable;
using System.Globalization;
using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Tests.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Florist.Faults;

/// <summary>
/// A power cut leaves any beginning of the write-ahead log. Whatever is left of it opens, holds a beginning of what was
/// committed with nothing torn apart, and at least everything that was acknowledged when the log was so long.
/// </summary>
public sealed class TornLogTests
{
    private const int Seed = 20261123;
    private const int LogHeader = 32;
    private const int FrameHeader = 24;
    private const int Writers = 8;

    [Fact]
    public Task Every_beginning_of_the_log_holds_a_beginning_of_what_was_committed() => Cut(rounds: 6, bytes: 100);

    /// <summary>The long form; answers how many logs were tried.</summary>
    internal static async Task<int> Cut(int rounds, int bytes)
    {
        using TempFolder folder = new();
        History history = await Write(folder.Path, rounds);
        Random random = new(Seed);
        int[] lengths =
        [
            .. Enumerable.Range(0, (history.Log.Length - LogHeader) / history.FrameBytes + 1)
                .Select(frame => LogHeader + (frame * history.FrameBytes)),
            .. Enumerable.Range(0, bytes).Select(_ => random.Next(history.Log.Length)),
        ];
        foreach (int length in lengths)
        {
            Check(folder.Path, history, length);
        }

        return lengths.Length;
    }

    private static async Task<History> Write(string folder, int rounds)
    {
        // Made and closed: the log is empty, and the file alone is the whole database.
        Open(folder).Dispose();
        string path = Path.Combine(folder, "florist.db");
        byte[] before = await File.ReadAllBytesAsync(path);
        using SqliteDatabase db = Open(folder);
        SqliteStateStore store = new(db);

        // A reader from before the first write keeps the log from beginning anew, however slow this machine is.
        using SqliteConnection reader = new($"Data Source={path};Mode=ReadOnly;Pooling=False");
        reader.Open();
        Run(reader, "BEGIN");
        Assert.Equal(0, Number(reader, "SELECT COUNT(*) FROM grain_state"));
        long pageBytes = Number(reader, "PRAGMA page_size");
        List<int> acknowledged = [0];
        for (int round = 1; round <= rounds; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Put(store, writer, round)));
            acknowledged.Add((int)new FileInfo(path + "-wal").Length);
        }

        byte[] log = await File.ReadAllBytesAsync(path + "-wal");
        return new History(before, log, (int)pageBytes + FrameHeader, [.. acknowledged]);
    }

    private static SqliteDatabase Open(string folder) => new(
        Options.Create(new SqliteOptions { DataFolder = folder }),
        new NoEnd(),
        TimeProvider.System,
        NullLogger<SqliteDatabase>.Instance);

    private static Task<long> Put(SqliteStateStore store, int writer, int round)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"{writer}-{round}");
        return store.Commit(new StateWrite
        {
            GrainKey = $"probe/g{writer}",
            StateName = "state",
            Expected = round == 1 ? null : round - 1,
            Body = FloristJson.WriteBytes(round),
            HasEffects = true,
            NextDue = DateTimeOffset.UnixEpoch.AddSeconds(round),
            Messages = [new OutboxMessage { Key = id, Topic = "probe.said", Body = "{}" }],
            Rows = [RowChange.PutChild("note", $"{round:000}", id)],
            Now = DateTimeOffset.UnixEpoch,
        });
    }

    private static void Check(string folder, History history, int length)
    {
        string cut = Path.Combine(folder, "cut");
        Directory.CreateDirectory(cut);
        string path = Path.Combine(cut, "florist.db");
        File.Delete(path + "-shm");
        File.WriteAllBytes(path, history.Before);
        File.WriteAllBytes(path + "-wal", history.Log[..length]);
        using SqliteConnection connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        Assert.Equal("ok", Text(connection, "PRAGMA integrity_check"));

        // What each writer's last round is; none has begun a round before all had ended the one before.
        long[] rounds = [.. Enumerable.Range(0, Writers).Select(writer => Round(connection, writer))];
        long whole = rounds.Min();
        Assert.InRange(rounds.Max(), whole, whole + 1);
        int acknowledged = history.Acknowledged.FindLastIndex(needed => needed <= length);
        Assert.True(whole >= acknowledged, $"at {length} bytes round {acknowledged} was acknowledged, {whole} is there");
    }

    // All of a write or nothing of it: its state, its wake-up, its message and its row.
    private static long Round(SqliteConnection connection, int writer)
    {
        string grain = $"probe/g{writer}";
        long round = Number(
            connection, $"SELECT COALESCE(MAX(CAST(CAST(body AS TEXT) AS INTEGER)), 0) FROM grain_state WHERE grain_key = '{grain}'");
        Assert.Equal(round, Number(connection, $"SELECT COALESCE(MAX(version), 0) FROM grain_state WHERE grain_key = '{grain}'"));
        string wake = $"SELECT COALESCE(MAX(due_at), 0) / 1000 FROM wake WHERE grain_key = '{grain}'";
        Assert.Equal(round, Number(connection, wake));
        Assert.Equal(round, Number(connection, $"SELECT COUNT(*) FROM outbox WHERE key LIKE '{writer}-%'"));
        Assert.Equal(round, Number(connection, $"SELECT COUNT(*) FROM grain_row WHERE owner = '{grain}'"));
        return round;
    }

    private static string Text(SqliteConnection connection, string sql) => Run(connection, sql) as string ?? "";

    private static long Number(SqliteConnection connection, string sql) => Run(connection, sql) as long? ?? 0;

    private static object? Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private sealed class NoEnd : IFatal
    {
        public void End(string reason, Exception cause) => throw new InvalidOperationException(reason, cause);
    }

    /// <summary>What was written.</summary>
    /// <param name="Before">The file before the log began.</param>
    /// <param name="Log">The whole log.</param>
    /// <param name="FrameBytes">The length of a frame of the log.</param>
    /// <param name="Acknowledged">By round, how long the log was when the round was acknowledged.</param>
    private sealed record History(byte[] Before, byte[] Log, int FrameBytes, ImmutableList<int> Acknowledged);
}
