using Florist.Operations;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Sql;

/// <summary>
/// Copies of the database file, made by the process that owns it: a second process must not open the file. The copy is
/// read in one transaction of a connection that cannot write, so it is the state after one commit, and no write waits
/// for it; only the write-ahead log grows meanwhile.
/// </summary>
internal sealed class SqliteBackups(IOptions<SqliteOptions> options) : IBackups
{
    /// <summary>The ending of a copy in the making, which a crash may leave behind.</summary>
    public const string Unfinished = ".backup";

    public Task<BackupCopy> Make(CancellationToken cancellationToken) => Task.Factory.StartNew(
        () =>
        {
            string target = options.Value.DatabasePath + Unfinished;
            SqliteCopy.Make(options.Value.DatabasePath, target, cancellationToken);
            return new BackupCopy(target);
        },
        cancellationToken,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
