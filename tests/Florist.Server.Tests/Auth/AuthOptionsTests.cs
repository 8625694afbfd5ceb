using Florist.Server.Auth;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace Florist.Server.Tests.Auth;

public sealed class AuthOptionsTests
{
    private const string OwnKey = "a-key-that-only-this-test-knows-and-nobody-else";

    [Theory]
    [InlineData("Production", null, OwnKey, true)]
    [InlineData("Production", "https://login.shop.example", "", true)]
    [InlineData("Production", "https://login.shop.example", OwnKey, true)]
    [InlineData("Production", null, "", false)]
    [InlineData("Production", null, "short", false)]
    [InlineData("Production", null, AuthOptions.DevelopmentSigningKey, false)]
    [InlineData("Production", "https://login.shop.example", AuthOptions.DevelopmentSigningKey, false)]
    [InlineData("Production", "http://login.shop.example", "", false)]
    [InlineData("Production", "ldap://login.shop.example", "", false)]
    [InlineData("Development", null, AuthOptions.DevelopmentSigningKey, true)]
    public void A_server_starts_only_with_somebody_to_believe(
        string environment, string? authority, string key, bool isValid)
    {
        AuthOptions options = new() { Authority = authority is null ? null : new Uri(authority), SigningKey = key };

        Assert.Equal(isValid, Check(environment, options));
    }

    [Theory]
    [InlineData("RS256", true)]
    [InlineData("ES512", true)]
    [InlineData("none", false)]
    [InlineData("HS256", false)]
    [InlineData("rs256", false)]
    public void Tokens_of_an_authority_have_no_algorithm_with_a_shared_key(string algorithm, bool isValid) =>
        Assert.Equal(isValid, Check("Production", new() { SigningKey = OwnKey, Algorithms = [algorithm] }));

    [Fact]
    public void Roles_are_mapped_to_roles_that_there_are()
    {
        AuthOptions options = new() { SigningKey = OwnKey };
        options.Claims.RoleNames["boss"] = "manager";
        Assert.True(Check("Production", options));
        options.Claims.RoleNames["boss"] = "boss";
        Assert.False(Check("Production", options));
    }

    private static bool Check(string environment, AuthOptions options) =>
        new AuthOptionsConsistency(new Place(environment)).Validate(null, options).Succeeded;

    private sealed class Place(string environment) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = environment;

        public string ApplicationName { get; set; } = "florist";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
