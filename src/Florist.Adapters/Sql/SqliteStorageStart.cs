using Microsoft.Extensions.Hosting;

namespace Florist.Adapters.Sql;

/// <summary>
/// Opens the database before anything else starts, so that a folder in use or a bad schema ends the start.
/// </summary>
internal sealed class SqliteStorageStart(SqliteDatabase database) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        database.Readers.Read(session => session.Number("SELECT epoch FROM owner"), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
