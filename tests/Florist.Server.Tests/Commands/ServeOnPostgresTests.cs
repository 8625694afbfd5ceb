using System.Diagnostics;
using Florist.Server.Tests.Testing;
using Florist.Tests.Testing;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Commands;

/// <summary>The server on PostgreSQL, as processes of their own.</summary>
public class ServeOnPostgresTests
{
    // What a take-over may take, of which the starting of a process beside all the other tests is the larger part.
    private static readonly TimeSpan TakenOverWithin = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_standby_on_sqlite_takes_over_the_folder_of_a_killed_server()
    {
        using TempFolder folder = new();
        await using ServerProcess first = await ServerProcess.Start(folder.Path);
        Task<ServerProcess> standby = ServerProcess.Start(folder.Path, "--standby");
        ToolRun refused = await FloristTool.Run("migrate", "--data", folder.Path);
        Assert.Equal(1, refused.ExitCode);
        Assert.False(standby.IsCompleted);
        await first.Kill();

        await using ServerProcess second = await standby.WaitAsync(TakenOverWithin, TestContext.Current.CancellationToken);
        Assert.Equal(0, await second.Stop());
    }

    [Fact]
    public async Task A_server_that_cannot_reach_its_database_says_so_in_words()
    {
        using TempFolder folder = new();
        string nowhere = "--Storage:ConnectionString=Host=127.0.0.1;Port=1;Username=florist;Password=rosebud";

        ToolRun run = await FloristTool.Run("serve", "--data", folder.Path, "--urls", "http://127.0.0.1:0", nowhere);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("the database florist at 127.0.0.1:1 cannot be opened", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("rosebud", run.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }
}
