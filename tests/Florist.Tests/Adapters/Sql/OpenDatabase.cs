using Florist.Adapters.Sql;
using Florist.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;

namespace Florist.Tests.Adapters.Sql;

/// <summary>The storage on a real SQLite file in a folder of its own.</summary>
internal sealed class OpenDatabase : TestDatabase
{
    private readonly TempFolder? ownFolder;

    public OpenDatabase(Action<SqliteOptions>? configure = null, string? folder = null)
    {
        ownFolder = folder is null ? new TempFolder() : null;

        // A slow machine must not split the batches that tests hold together.
        Options = new SqliteOptions { DataFolder = folder ?? ownFolder?.Path ?? "", BatchMsMax = 10_000 };
        configure?.Invoke(Options);
        Database = new SqliteDatabase(
            Options, Fatal, Time, NullLogger.Instance, [.. Migration.All(SqlDialect.Sqlite), .. ProbeTables]);
        Stand(Database, new SqliteStateStore(Database));
    }

    public SqliteOptions Options { get; }

    public SqliteDatabase Database { get; }

    public static GrainId Grain(string key, string type = "probe") => GrainId.Create(type, key);

    public override int Waiting => Database.Writer.Waiting;

    public override Task<Task> Hold(Task until) => Task.FromResult<Task>(Database.Writer.Run(0, _ =>
    {
        ((IAsyncResult)until).AsyncWaitHandle.WaitOne();
        return 1;
    }));

    public override void Abandon() => Database.Abandon();

    public override void Dispose()
    {
        Database.Dispose();
        ownFolder?.Dispose();
    }
}
