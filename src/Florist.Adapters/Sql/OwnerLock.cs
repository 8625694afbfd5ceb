using System.Globalization;

namespace Florist.Adapters.Sql;

/// <summary>
/// The exclusive right to a data folder: an open file that no other process can open the same way (flock on Unix,
/// share mode on Windows), so that it ends with the process, however that ends.
/// </summary>
public sealed class OwnerLock : IDisposable
{
    /// <summary>The name of the lock file.</summary>
    public const string FileName = "owner.lock";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    private readonly FileStream file;

    private OwnerLock(FileStream file)
    {
        this.file = file;
    }

    /// <summary>Takes the lock if it is free; null when another process, or this one, holds it.</summary>
    public static OwnerLock? TryAcquire(string folder)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, FileName);
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }

        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"pid {Environment.ProcessId} on {Environment.MachineName}")));
        file.Flush();
        return new OwnerLock(file);
    }

    /// <summary>Takes the lock, or says who has it.</summary>
    /// <exception cref="OwnerLockException">Another process holds it.</exception>
    public static OwnerLock Acquire(string folder) => TryAcquire(folder) ?? throw new OwnerLockException(
        $"the data folder {Path.GetFullPath(folder)} is in use by another process ({Holder(folder)}); "
        + "one process owns a data folder. Stop that process or choose another folder.");

    /// <summary>Waits until the lock is free, as a standby does, and takes it.</summary>
    public static async Task<OwnerLock> WaitAcquire(string folder, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(RetryAfter, TimeProvider.System);
        while (true)
        {
            if (TryAcquire(folder) is { } acquired)
            {
                return acquired;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Gives the lock up. The file stays: deleting it could take it from under the next owner.</summary>
    public void Dispose() => file.Dispose();

    private static string Holder(string folder)
    {
        try
        {
            // Sharing everything, this takes no lock on Unix; on Windows the owner keeps readers out.
            using FileStream held = new(
                Path.Combine(folder, FileName), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using StreamReader reader = new(held);
            return reader.ReadToEnd() is { Length: > 0 } holder ? holder : "unknown";
        }
        catch (IOException)
        {
            return "unknown";
        }
    }
}

/// <summary>The data folder belongs to another process.</summary>
public sealed class OwnerLockException(string message) : Exception(message);
