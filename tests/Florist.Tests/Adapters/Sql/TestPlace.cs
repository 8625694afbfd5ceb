using Florist.Tests.Testing;
using Florist.Tests.Testing.Postgres;

namespace Florist.Tests.Adapters.Sql;

/// <summary>Where a database is that a test opens more than once.</summary>
internal sealed class TestPlace : IDisposable
{
    private readonly TempFolder? folder;

    private TestPlace(TempFolder? folder, string at)
    {
        this.folder = folder;
        At = at;
    }

    /// <summary>The folder, or how to reach the server.</summary>
    public string At { get; }

    /// <summary>A new place, empty as yet.</summary>
    public static async Task<TestPlace> New(Engine engine)
    {
        if (engine == Engine.Postgres)
        {
            return new TestPlace(null, await (await PostgresRun.Cluster()).NewSchema());
        }

        TempFolder folder = new();
        return new TestPlace(folder, folder.Path);
    }

    public void Dispose() => folder?.Dispose();
}
