using Florist.Server.Tests.Testing;
using Florist.Tests.Testing;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Commands;

/// <summary>Serving, as a process of its own: what it refuses, in words.</summary>
public class ServeCommandTests
{
    [Theory]
    [InlineData("silo", "the role 'silo' takes a cluster")]
    [InlineData("gateway", "the role 'gateway' takes a cluster")]
    [InlineData("broker", "Cluster:Role 'broker' is none of all, silo and gateway")]
    public async Task A_role_that_takes_a_cluster_is_refused_without_one(string role, string why)
    {
        using TempFolder folder = new();

        ToolRun run = await FloristTool.Run(
            "serve", "--data", folder.Path, "--urls", "http://127.0.0.1:0", "--role", role);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(why, run.Errors);
        Assert.DoesNotContain("   at ", run.Errors);
        Assert.False(File.Exists(Path.Combine(folder.Path, "florist.db")), "the database was opened");
    }
}
