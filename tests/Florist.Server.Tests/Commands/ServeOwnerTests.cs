using Florist.Server.Tests.Testing;
using Florist.Tests.Testing;
using Florist.Tests.Testing.Npm;
using Florist.Tests.Testing.Postgres;

namespace Florist.Server.Tests.Commands;

/// <summary>
/// The one process that owns a PostgreSQL database, and its successor. The silos of a cluster share theirs, so that a
/// build against the published packages leaves this out.
/// </summary>
public class ServeOwnerTests
{
    // What a take-over may take, of which the starting of a process beside all the other tests is the larger part.
    private static readonly TimeSpan TakenOverWithin = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_whole_story_is_played_and_after_kill_9_a_standby_serves_on_with_everything_that_was_answered()
    {
        string database = "--Storage:ConnectionString=" + await (await PostgresRun.Cluster()).NewDatabase();
        using TempFolder folder = new();
        await using ServerProcess first = await ServerProcess.Start(folder.Path, database);
        ToolRun tour = await FloristTool.Run("tour", "--address", first.Address.ToString());
        Assert.True(tour.ExitCode == 0, tour.Said);
        Assert.Contains("everything happened as it should", tour.Output, StringComparison.Ordinal);

        Task<ServerProcess> standby = ServerProcess.Start(folder.Path, database, "--standby");
        ToolRun refused = await FloristTool.Run("migrate", "--data", folder.Path, database);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("is in use by another process", refused.Errors, StringComparison.Ordinal);
        Assert.False(standby.IsCompleted);
        await first.Kill();

        await using ServerProcess second = await standby.WaitAsync(TakenOverWithin, TestContext.Current.CancellationToken);
        ToolRun again = await FloristTool.Run("tour", "--address", second.Address.ToString());
        Assert.True(again.ExitCode == 0, again.Said);
        Assert.Equal(0, await second.Stop());
        ToolRun migrated = await FloristTool.Run("migrate", "--data", folder.Path, database);
        Assert.Equal(0, migrated.ExitCode);
        Assert.Contains("The database is up to date.", migrated.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Engine:Shared")]
    [InlineData("Storage:Shared", "--Storage:ConnectionString=Host=127.0.0.1;Port=1;Database=none")]
    public async Task A_setting_that_takes_a_cluster_is_refused_without_one(string setting, params string[] more)
    {
        using TempFolder folder = new();

        ToolRun run = await FloristTool.Run(
            ["serve", "--data", folder.Path, "--urls", "http://127.0.0.1:0", $"--{setting}=true", .. more]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{setting} takes a cluster", run.Errors);
        Assert.DoesNotContain("   at ", run.Errors);
    }
}
