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

    private static long walBytes;

    /// <summary>Size of the write-ahead log after the last commit.</summary>
    public static long WalBytes
    {
        set => Volatile.Write(ref walBytes, value);
    }

    /// <summary>Counts a batch.</summary>
    public static void Committed(int writes, TimeSpan duration)
    {
        BatchWrites.Record(writes);
        CommitSeconds.Record(duration.TotalSeconds);
    }
}
