using Florist.Server.Tests.Testing;
using Florist.Tests.Testing.Npm;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Florist.Server.Tests.Commands;

public sealed class TokenCommandTests
{
    private const string OwnKey = "--Auth:SigningKey=a-key-that-only-this-test-knows-and-nobody-else";

    [Fact]
    public async Task With_the_development_key_staff_have_every_role_unless_some_are_named()
    {
        Assert.Equal(
            ["admin", "agent", "auditor", "florist", "manager"],
            Roles((await FloristTool.Run("token", "--as", "staff")).Output));
        Assert.Equal(["agent"], Roles((await FloristTool.Run("token", "--as", "staff:sam:agent", OwnKey)).Output));
    }

    [Fact]
    public async Task With_a_key_of_ones_own_the_roles_have_to_be_named()
    {
        ToolRun run = await FloristTool.Run("token", "--as", "staff:sam", OwnKey);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Contains("agent", run.Errors, StringComparison.Ordinal);
    }

    private static string[] Roles(string token) => [.. new JsonWebToken(token.Trim()).Claims
        .Where(claim => claim.Type == "role").Select(claim => claim.Value).Order(StringComparer.Ordinal)];
}
