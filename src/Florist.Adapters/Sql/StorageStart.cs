using Microsoft.Extensions.Hosting;

namespace Florist.Adapters.Sql;

/// <summary>
/// Opens the database before anything else starts, so that a database in use or a bad schema ends the start.
/// </summary>
internal sealed class StorageStart(ISqlDatabase database) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        database.Read("SELECT epoch FROM owner", [], row => row.GetInt64(0), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
