using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Sql;

/// <summary>Settings of the SQLite storage, section <c>Sqlite</c>.</summary>
public sealed class SqliteOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Sqlite";

    /// <summary>The folder that holds the database and its lock; made when missing. One process owns it.</summary>
    [Required]
    public string DataFolder { get; set; } = "data";

    /// <summary>The name of the database file in the folder.</summary>
    [Required]
    public string FileName { get; set; } = "florist.db";

    /// <summary>
    /// True: a commit is on the disk before it is answered (synchronous=FULL). False, for development only: commits
    /// survive the end of the process but not a loss of power.
    /// </summary>
    public bool SyncEveryCommit { get; set; } = true;

    /// <summary>Writes waiting at once; one more is refused.</summary>
    [Range(1, 1_000_000)]
    public int QueueMax { get; set; } = 4096;

    /// <summary>Writes in one commit.</summary>
    [Range(1, 10_000)]
    public int BatchWritesMax { get; set; } = 256;

    /// <summary>Bytes of bodies in one commit; a single larger write is a batch of its own.</summary>
    [Range(1024, 1 << 30)]
    public int BatchBytesMax { get; set; } = 1 << 20;

    /// <summary>Time spent on statements before a batch is committed with what it has, in milliseconds.</summary>
    [Range(1, 10_000)]
    public int BatchMsMax { get; set; } = 5;

    /// <summary>Size of the write-ahead log at which it is checkpointed although the writer is busy.</summary>
    [Range(1 << 20, 1L << 40)]
    public long WalBytesMax { get; set; } = 64L << 20;

    /// <summary>Connections for reading.</summary>
    [Range(1, 64)]
    public int ReadersMax { get; set; } = 4;

    /// <summary>With less room than this on the disk, in bytes, an operator is alarmed.</summary>
    [Range(0, 1L << 60)]
    public long FreeBytesLow { get; set; } = 2L << 30;

    /// <summary>
    /// With less room than this on the disk, in bytes, nothing new is taken (DISK_FULL), so that what was taken can be
    /// carried out: when the disk is full to the last byte the process has to end.
    /// </summary>
    [Range(0, 1L << 60)]
    public long FreeBytesMin { get; set; } = 256L << 20;

    /// <summary>
    /// A read that takes longer than this, in milliseconds, raises a warning: the log grows meanwhile.
    /// </summary>
    [Range(100, 86_400_000)]
    public int ReadMsUsual { get; set; } = 60_000;

    /// <summary>How often disk, log and readers are looked at, in milliseconds.</summary>
    [Range(10, 3_600_000)]
    public int HealthCheckMs { get; set; } = 5_000;

    /// <summary>How much room there is; null asks the disk.</summary>
    internal Func<long>? FreeBytes { get; set; }

    /// <summary>
    /// Where the writer's turns run; null gives it a thread of its own. A simulation runs them among its other work.
    /// </summary>
    internal Action<Action>? WriterTurns { get; set; }

    /// <summary>The path of the database file.</summary>
    public string DatabasePath => Path.GetFullPath(Path.Combine(DataFolder, FileName));
}

/// <summary>Checks <see cref="SqliteOptions"/> at the start.</summary>
[OptionsValidator]
internal sealed partial class SqliteOptionsValidator : IValidateOptions<SqliteOptions>;

/// <summary>Checks what attributes cannot say.</summary>
internal sealed class SqliteOptionsConsistency : IValidateOptions<SqliteOptions>
{
    public ValidateOptionsResult Validate(string? name, SqliteOptions options) =>
        options.FreeBytesMin > options.FreeBytesLow
            ? ValidateOptionsResult.Fail("Sqlite:FreeBytesMin exceeds FreeBytesLow")
            : ValidateOptionsResult.Success;
}
