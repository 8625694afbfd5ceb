using System.Diagnostics.Metrics;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>Measurements of the storage.</summary>
internal static class SqlMeter
{
    private static readonly Meter Meter = new("Florist.Sql");

    private static readonly Histogram<int> BatchWrites =
        Meter.CreateHistogram<int>("florist.sql.batch.writes", "{write}", "Writes that shared a commit.");

    private static readonly Histogram<double> CommitSeconds =
        Meter.CreateHistogram<double>(
            "florist.sql.batch.duration", "s", "Time from the first statement to the commit.");

    private static readonly ObservableGauge<long> Wal = Meter.CreateObservableGauge(
        "florist.sql.wal.size", () => Volatile.Read(ref walBytes), "By", "Size of the write-ahead log.");

    private static readonly ObservableGauge<long> Dead = Meter.CreateObservableGauge(
        "florist.sql.dead.rows",
        () => Volatile.Read(ref deadRows),
        "{row}",
        "Rows of the wake and outbox tables that are gone and not cleaned away, on PostgreSQL.");

    private static readonly ObservableGauge<double> Oldest = Meter.CreateObservableGauge(
        "florist.sql.transaction.age",
        () => Volatile.Read(ref oldestSeconds),
        "s",
        "Age of the oldest transaction of anybody in the database, on PostgreSQL.");

    private static readonly Counter<long> Checks = Meter.CreateCounter<long>(
        "florist.sql.checks", "{check}", "Checks of the whole file after an unclean stop, by outcome: ok, damaged.");

    private static readonly ObservableGauge<long> Free = Meter.CreateObservableGauge(
        "florist.disk.free", () => room?.FreeBytes ?? 0, "By", "Room on the disk that holds the database, on SQLite.");

    private static readonly ObservableGauge<long> Low = Meter.CreateObservableGauge(
        "florist.disk.low", () => room?.LowBytes ?? 0, "By", "With less room than this an operator is alarmed.");

    private static readonly ObservableGauge<long> Min = Meter.CreateObservableGauge(
        "florist.disk.min", () => room?.MinBytes ?? 0, "By", "With less room than this nothing new is taken.");

    private static readonly ObservableGauge<long> Size = Meter.CreateObservableGauge(
        "florist.sql.database.size", () => room?.DatabaseBytes ?? 0, "By", "Size of the database, on SQLite.");

    private static readonly ObservableGauge<double> Reading = Meter.CreateObservableGauge(
        "florist.sql.read.age",
        () => Volatile.Read(ref readSeconds),
        "s",
        "Age of the oldest read under way, on SQLite: the write-ahead log grows as long as it lasts.");

    private static volatile StorageRoom? room;
    private static double readSeconds;
    private static long walBytes;
    private static long deadRows;
    private static double oldestSeconds;

    /// <summary>Size of the write-ahead log after the last commit.</summary>
    public static long WalBytes
    {
        set => Volatile.Write(ref walBytes, value);
    }

    /// <summary>Rows that are gone and not cleaned away.</summary>
    public static long DeadRows
    {
        set => Volatile.Write(ref deadRows, value);
    }

    /// <summary>Age of the oldest transaction in the database.</summary>
    public static TimeSpan OldestTransaction
    {
        set => Volatile.Write(ref oldestSeconds, value.TotalSeconds);
    }

    /// <summary>Tells how much room there is, and how long the oldest read has lasted.</summary>
    public static void Saw(StorageRoom seen, TimeSpan oldestRead)
    {
        room = seen;
        WalBytes = seen.WalBytes;
        Volatile.Write(ref readSeconds, oldestRead.TotalSeconds);
    }

    /// <summary>Counts a check of the whole file.</summary>
    public static void Checked(string outcome) => Checks.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Counts a batch.</summary>
    public static void Committed(int writes, TimeSpan duration)
    {
        BatchWrites.Record(writes);
        CommitSeconds.Record(duration.TotalSeconds);
    }
}
