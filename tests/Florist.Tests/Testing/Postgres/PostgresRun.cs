using Florist.Tests.Testing.Postgres;

[assembly: AssemblyFixture(typeof(PostgresRun))]

namespace Florist.Tests.Testing.Postgres;

/// <summary>Ends the PostgreSQL server of a test run, if a test has started it.</summary>
public sealed class PostgresRun : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        if (PostgresCluster.IsStarted)
        {
            await (await PostgresCluster.Running()).DisposeAsync();
        }
    }
}
