using Florist.Kernel;
using Florist.Server.Auth;

namespace Florist.Server.Tests.Auth;

public sealed class PrincipalsTests
{
    [Theory]
    [InlineData("staff", CallerKind.Staff, "", StaffRoles.None)]
    [InlineData("staff:sam", CallerKind.Staff, "sam", StaffRoles.None)]
    [InlineData("staff:agent", CallerKind.Staff, "", StaffRoles.Agent)]
    [InlineData("staff:agent,auditor", CallerKind.Staff, "", StaffRoles.Agent | StaffRoles.Auditor)]
    [InlineData("staff:sam:florist,manager", CallerKind.Staff, "sam", StaffRoles.Florist | StaffRoles.Manager)]
    [InlineData("customer:7q2x", CallerKind.Customer, "7q2x", StaffRoles.None)]
    [InlineData("courier:velo", CallerKind.Courier, "velo", StaffRoles.None)]
    [InlineData("service:web-shop", CallerKind.Service, "web-shop", StaffRoles.None)]
    public void A_principal_is_read_with_its_roles(string text, CallerKind kind, string id, StaffRoles roles)
    {
        Assert.True(Principals.TryParseWithRoles(text, out Caller? caller));
        Assert.Equal(new Caller(kind, id, roles), caller);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Staff")]
    [InlineData("customer")]
    [InlineData("customer:")]
    [InlineData("customer:a b")]
    [InlineData("customer:anna:agent")]
    [InlineData("service")]
    [InlineData("staff::agent")]
    [InlineData("staff:sam:")]
    [InlineData("staff:sam:boss")]
    [InlineData("staff:agent,boss")]
    [InlineData("staff:sam:Agent")]
    [InlineData("staff:sam:agent:manager")]
    [InlineData("nobody:x")]
    public void Whatever_else_is_no_principal(string text) =>
        Assert.False(Principals.TryParseWithRoles(text, out _));

    [Fact]
    public void The_longest_identifier_has_128_characters()
    {
        Assert.True(Principals.TryParse("customer:" + new string('x', 128), out _));
        Assert.False(Principals.TryParse("customer:" + new string('x', 129), out _));
    }

    [Fact]
    public void The_names_of_roles_read_back()
    {
        Assert.Equal("admin,agent,auditor,florist,manager", Principals.NamesOf(StaffRoles.All));
        Assert.True(Principals.TryParseWithRoles($"staff:{Principals.NamesOf(StaffRoles.All)}", out Caller? caller));
        Assert.Equal(StaffRoles.All, caller.Roles);
    }
}
