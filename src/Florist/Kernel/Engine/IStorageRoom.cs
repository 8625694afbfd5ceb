namespace Florist.Kernel;

/// <summary>Room on the disk that the database is on.</summary>
public interface IStorageRoom
{
    /// <summary>As it was at the last look; null where the database is on a server of its own.</summary>
    StorageRoom? Current { get; }
}

/// <summary>Room on the disk at one instant, in bytes.</summary>
/// <param name="FreeBytes">Free for this process.</param>
/// <param name="LowBytes">With fewer, an operator is alarmed.</param>
/// <param name="MinBytes">With fewer, nothing new is taken.</param>
/// <param name="DatabaseBytes">Size of the database.</param>
/// <param name="WalBytes">Size of its write-ahead log.</param>
public sealed record StorageRoom(long FreeBytes, long LowBytes, long MinBytes, long DatabaseBytes, long WalBytes)
{
    /// <summary>True when nothing new may be taken: what was taken needs the rest.</summary>
    public bool IsFull => FreeBytes < MinBytes;

    /// <summary>True when an operator has to make room.</summary>
    public bool IsLow => FreeBytes < LowBytes;

    /// <summary>The refusal of something new.</summary>
    public static Fault Full => Fault.TooMany("DISK_FULL", "the server has no room for anything new at present")
        with
    { RetryAfter = TimeSpan.FromMinutes(1) };
}
