namespace Florist.Operations;

/// <summary>Copies the database while it is in use. Only a database that one process owns needs it from us.</summary>
public interface IBackups
{
    /// <summary>Makes a copy of what is committed at one instant of the call.</summary>
    /// <returns>The copy; whoever disposes of it deletes it.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing is left behind.</exception>
    Task<BackupCopy> Make(CancellationToken cancellationToken);
}

/// <summary>A finished copy on the disk, which goes when this is disposed of.</summary>
/// <param name="path">Its path.</param>
public sealed class BackupCopy(string path) : IDisposable
{
    /// <summary>Opens it for reading from the start to the end.</summary>
    public FileStream OpenRead() => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, true);

    /// <inheritdoc/>
    public void Dispose() => File.Delete(path);
}
