namespace Florist.Kernel;

/// <summary>
/// Tells whether the database was restored from a backup. Whatever fell due before that instant may have been done
/// between the backup and the restore, by a history that the database knows nothing of.
/// </summary>
public interface IRestoreMark
{
    /// <summary>When the database was last restored; null when it never was. Cheap to ask again.</summary>
    Task<DateTimeOffset?> RestoredAt();
}
