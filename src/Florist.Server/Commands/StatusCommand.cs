using System.CommandLine;
using System.Globalization;
using Florist.Protos.Operations.V1;

namespace Florist.Server.Commands;

/// <summary><c>status</c>: how the engine of a running server is.</summary>
internal static class StatusCommand
{
    private const double Mebibyte = 1 << 20;

    /// <summary>The verb.</summary>
    public static Command Make() => OperatorsLine.Verb(
        "status",
        """
        Tells what waits and how late it is, what is parked, which sends are paused, how much room the disk has and
        when the last backup was taken. Exit code 0: nothing needs an operator; 2: something is parked or paused, or
        the disk runs full; 1: the server refuses or cannot be reached.
        """,
        [],
        async (_, desk) =>
        {
            EngineStatus status = await desk.Client.GetEngineStatusAsync(new GetEngineStatusRequest(), desk.Call);
            desk.Print(status, () => Lines(status));
            return NeedsAttention(status) ? OperatorsLine.Attention : 0;
        });

    /// <summary>Whether an operator has something to do.</summary>
    public static bool NeedsAttention(EngineStatus status) =>
        status.ParkedCounts.Count > 0
        || status.SendPauses.Count > 0
        || (status.Disk is { } disk && disk.FreeBytes < disk.LowBytes);

    private static IEnumerable<string> Lines(EngineStatus status)
    {
        yield return $"at {OperatorsDesk.Instant(status.CurrentTime)}";
        foreach (string line in OperatorsDesk.Table(
            ["queue", "lane", "due", "oldest due", "late"],
            status.Lanes.Select(lane => (string[])
            [
                lane.Queue, lane.Lane_, Number(lane.DueCount), OperatorsDesk.Instant(lane.OldestDueTime),
                lane.Lag?.ToTimeSpan().ToString("c", CultureInfo.InvariantCulture) ?? "-",
            ])))
        {
            yield return line;
        }

        yield return status.ParkedCounts.Count == 0
            ? "parked: nothing"
            : "parked: " + string.Join(", ", status.ParkedCounts.Select(one =>
                $"{Number(one.Count)} {OperatorsDesk.Word(one.Source)} since {OperatorsDesk.Instant(one.OldestTime)}"));
        yield return status.SendPauses.Count == 0
            ? "paused: nothing"
            : "paused: " + string.Join(", ", status.SendPauses.Select(pause => pause.Name));
        yield return status.Disk is { } disk
            ? $"disk: {Mebibytes(disk.FreeBytes)} free (alarm below {Mebibytes(disk.LowBytes)}, nothing new below "
                + $"{Mebibytes(disk.MinBytes)}), log {Mebibytes(disk.WalBytes)}"
            : "disk: that of the database server";
        yield return $"last backup: {OperatorsDesk.Instant(status.LastBackupTime)}";
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Mebibytes(long bytes) =>
        (bytes / Mebibyte).ToString("F0", CultureInfo.InvariantCulture) + " MiB";
}
