using System.Collections.Immutable;
using Florist.Kernel;
using Google.Protobuf.WellKnownTypes;
using Customer = Florist.Protos.Customers.V1.Customer;

namespace Florist.Tests.Kernel;

public class FieldMasksTests
{
    private static readonly ImmutableArray<string> Settable =
    [
        "given_name", "email", "address", "formality", "preferences", "preferences.liked_stems", "preferences.has_cats",
    ];

    [Fact]
    public void Without_a_mask_the_populated_fields_count()
    {
        Customer sent = new()
        {
            GivenName = "Anna",
            Address = new(),
            Preferences = new() { HasCats = true },
        };
        Assert.Equal(["given_name", "address", "preferences.has_cats"], Paths(sent, null));
        Assert.Empty(Paths(new Customer { Email = "" }, new FieldMask()));
    }

    [Fact]
    public void A_star_stands_for_everything() =>
        Assert.Equal(["given_name", "email", "address", "formality", "preferences"], Paths(new(), Mask("*")));

    [Fact]
    public void Named_fields_count_even_when_they_are_empty() =>
        Assert.Equal(
            ["email", "preferences.liked_stems"], Paths(new(), Mask("preferences.liked_stems", "email", "email")));

    [Theory]
    [InlineData("name")]
    [InlineData("etag")]
    [InlineData("create_time")]
    [InlineData("traits")]
    [InlineData("traits.order_count")]
    public void Output_only_fields_are_ignored(string path) => Assert.Empty(Paths(new(), Mask(path)));

    [Theory]
    [InlineData("nickname")]
    [InlineData("")]
    [InlineData("Email")]
    [InlineData("address.locality")]
    [InlineData("preferences.nothing")]
    [InlineData("traits.nothing")]
    public void Unknown_paths_are_refused(string path)
    {
        FieldChecks checks = new();
        FieldMasks.Paths(Mask("email", path), new Customer(), Settable, checks);
        FieldFault fault = Assert.Single(Assert.IsType<Fault>(checks.Fault).Fields);
        Assert.Equal(("update_mask", "PATH_UNKNOWN"), (fault.Field, fault.Reason));
    }

    [Fact]
    public void A_star_among_others_is_no_path()
    {
        FieldChecks checks = new();
        FieldMasks.Paths(Mask("*", "email"), new Customer(), Settable, checks);
        Assert.Equal("PATH_UNKNOWN", checks.Fault?.Reason);
    }

    [Fact]
    public void A_cut_resource_has_the_named_fields_and_nothing_else()
    {
        Customer sent = new()
        {
            GivenName = "Anna",
            Email = "nonsense",
            Address = new() { RegionCode = "GB" },
            Preferences = new() { LikedStems = { "iris" }, HasCats = true },
        };
        Customer expected = new()
        {
            GivenName = "Anna",
            Address = new() { RegionCode = "GB" },
            Preferences = new() { LikedStems = { "iris" } },
        };
        Assert.Equal(expected, FieldMasks.Only(sent, ["given_name", "address", "preferences.liked_stems"]));
        Assert.Equal(new Customer(), FieldMasks.Only(sent, []));
    }

    private static FieldMask Mask(params string[] paths)
    {
        FieldMask mask = new();
        mask.Paths.AddRange(paths);
        return mask;
    }

    private static ImmutableArray<string> Paths(Customer sent, FieldMask? mask)
    {
        FieldChecks checks = new();
        ImmutableArray<string> paths = FieldMasks.Paths(mask, sent, Settable, checks);
        Assert.Null(checks.Fault);
        return paths;
    }
}
