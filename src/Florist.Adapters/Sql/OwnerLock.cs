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

    // Beside the lock, because nobody but the owner can open the lock file, not even to read it.
    internal const string HolderFileName = "owner.txt";

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

        File.WriteAllText(
            Path.Combine(folder, HolderFileName),
            string.Create(CultureInfo.InvariantCulture, $"pid {Environment.ProcessId} on {Environment.MachineName}"));
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
            return File.ReadAllText(Path.Combine(folder, HolderFileName));
        }
        catch (IOException)
        {
            return "unknown";
        }
    }
}

/// <summary>The data folder belongs to another process.</summary>
public sealed class OwnerLockException(string message) : Exception(message);
