using Florist.Kernel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Sql;

/// <summary>
/// Looks for what ends in trouble: a disk that runs full, a write-ahead log that grows, a read that does not end. It
/// warns when one begins and says when it is over; and it knows how much room there is.
/// </summary>
internal sealed class SqliteHealth(SqliteDatabase database, IOptions<SqliteOptions> options, ILogger<SqliteHealth> log)
    : BackgroundService, IStorageRoom
{
    private readonly SqliteOptions settings = options.Value;
    private Alarm disk = Alarm.None;
    private bool isWalLarge;
    private bool isReadLong;
    private volatile StorageRoom? current;

    private enum Alarm
    {
        None,
        Low,
        Full,
    }

    public StorageRoom? Current => current;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.WriterTurns is not null)
        {
            // A simulation has no threads beside its own, and no disk.
            return Task.CompletedTask;
        }

        Look();
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Looks once.</summary>
    public void Look()
    {
        try
        {
            StorageRoom room = new(
                settings.FreeBytes?.Invoke() ?? new DriveInfo(settings.DataFolder).AvailableFreeSpace,
                settings.FreeBytesLow,
                settings.FreeBytesMin,
                Length(settings.DatabasePath),
                Length(settings.DatabasePath + "-wal"));
            TimeSpan oldest = database.Readers.OldestRead;
            SqlMeter.Saw(room, oldest);
            Judge(room);
            Judge(room.WalBytes, oldest);
            current = room;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            SqlLog.RoomUnknown(log, settings.DataFolder, error);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(settings.HealthCheckMs), TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Look();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing.
        }
    }

    private static long Length(string path)
    {
        FileInfo file = new(path);
        return file.Exists ? file.Length : 0;
    }

    private void Judge(StorageRoom room)
    {
        Alarm now = room.IsFull ? Alarm.Full : room.IsLow ? Alarm.Low : Alarm.None;
        if (now == disk)
        {
            return;
        }

        disk = now;
        switch (now)
        {
            case Alarm.Full:
                SqlLog.DiskFull(log, room.FreeBytes, room.MinBytes);
                break;
            case Alarm.Low:
                SqlLog.DiskLow(log, room.FreeBytes, room.LowBytes);
                break;
            default:
                SqlLog.DiskWell(log, room.FreeBytes);
                break;
        }
    }

    // Twice the size at which it is emptied although the writer is busy: something keeps it from that.
    private void Judge(long walBytes, TimeSpan oldest)
    {
        bool isLarge = walBytes > settings.WalBytesMax * 2;
        if (isLarge && !isWalLarge)
        {
            SqlLog.WalLarge(log, walBytes);
        }

        bool isLong = oldest.TotalMilliseconds > settings.ReadMsUsual;
        if (isLong && !isReadLong)
        {
            SqlLog.LongRead(log, oldest);
        }

        (isWalLarge, isReadLong) = (isLarge, isLong);
    }
}

/// <summary>Of a database on a server of its own, its server knows the room.</summary>
internal sealed class RoomElsewhere : IStorageRoom
{
    public StorageRoom? Current => null;
}
