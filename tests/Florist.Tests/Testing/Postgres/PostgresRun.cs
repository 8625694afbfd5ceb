using Florist.Tests.Testing.Postgres;

[assembly: AssemblyFixture(typeof(PostgresRun))]

namespace Florist.Tests.Testing.Postgres;

/// <summary>The PostgreSQL server of a test run, which ends it if a test has started it.</summary>
public sealed class PostgresRun : IAsyncDisposable
{
    /// <summary>The server. Skips the test, with the reason, where PostgreSQL is not installed.</summary>
    public static Task<PostgresCluster> Cluster()
    {
        Assert.SkipWhen(PostgresCluster.WhyNot is not null, PostgresCluster.WhyNot ?? "");
        return PostgresCluster.Running();
    }

    public async ValueTask DisposeAsync()
    {
        if (PostgresCluster.IsStarted)
        {
            await (await PostgresCluster.Running()).DisposeAsync();
        }
    }
}
