using System.Diagnostics.Metrics;

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

    /// <summary>Counts a check of the whole file.</summary>
    public static void Checked(string outcome) => Checks.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Counts a batch.</summary>
    public static void Committed(int writes, TimeSpan duration)
    {
        BatchWrites.Record(writes);
        CommitSeconds.Record(duration.TotalSeconds);
    }
}
