using Florist.Customers;
using Google.Api;
using Google.Protobuf.Reflection;
using Customer = Florist.Protos.Customers.V1.Customer;
using RecipientMessage = Florist.Protos.Customers.V1.Recipient;

namespace Florist.Tests.Customers;

public class ProfilePathsTests
{
    private static readonly CustomerProfile Full = new()
    {
        GivenName = "Anna",
        FamilyName = "Lee",
        Email = "anna@example.org",
        Mobile = "+447700900123",
        Country = "DE",
        LanguageCode = "de-DE",
        TimeZone = "Europe/Berlin",
        Address = new() { RegionCode = "DE", Lines = ["Hauptstraße 1"] },
        Formality = Formality.Informal,
        BirthDate = new DateOnly(1980, 2, 29),
        Preferences = new()
        {
            LikedStems = ["white-iris"],
            DislikedStems = ["lily"],
            LikedColours = ["white"],
            DislikedColours = ["red"],
            Allergies = ["pollen"],
            HasCats = true,
            HasDogs = true,
            PriceRange = new(new(2500, "GBP"), new(5000, "GBP")),
            Channels = [Channel.Sms],
            OptIns = [new(Channel.Sms, Purpose.Offers)],
        },
    };

    [Fact]
    public void Every_field_a_caller_may_set_on_a_customer_can_be_updated() =>
        Assert.Equal(
            Settable(Customer.Descriptor).Concat(
                Settable(Customer.Types.Preferences.Descriptor).Select(name => $"preferences.{name}")).Order(),
            ProfilePaths.All.Order());

    [Fact]
    public void Every_field_a_caller_may_set_on_a_recipient_can_be_updated() =>
        Assert.Equal(Settable(RecipientMessage.Descriptor).Order(), RecipientPaths.All.Order());

    [Fact]
    public void Each_path_carries_over_something_that_no_other_leaf_does()
    {
        string[] leaves = [.. ProfilePaths.All.Where(path => path != "preferences")];
        CustomerProfile all = ProfilePaths.Merge(new CustomerProfile(), Full, [.. leaves]);
        Assert.Equal(Full, all);
        Assert.All(leaves, path =>
        {
            CustomerProfile without = ProfilePaths.Merge(new CustomerProfile(), Full, [.. leaves.Except([path])]);
            Assert.NotEqual(Full, without);
            Assert.Equal(Full, ProfilePaths.Merge(without, Full, [path]));
        });
    }

    [Fact]
    public void Preferences_as_a_whole_are_replaced_not_merged()
    {
        CustomerProfile merged = ProfilePaths.Merge(Full, new CustomerProfile(), ["preferences"]);
        Assert.Equal(new Preferences(), merged.Preferences);
        Assert.Equal("Anna", merged.GivenName);
    }

    private static IEnumerable<string> Settable(MessageDescriptor message) => message.Fields.InDeclarationOrder()
        .Where(field => field.Name != "etag" && !field.GetOptions().GetExtension(FieldBehaviorExtensions.FieldBehavior)
            .Any(behavior => behavior is FieldBehavior.OutputOnly or FieldBehavior.Identifier))
        .Select(field => field.Name);
}
