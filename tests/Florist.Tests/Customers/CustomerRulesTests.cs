using Florist.Customers;
using Florist.Kernel;
using static Florist.Tests.Customers.CustomerSamples;

namespace Florist.Tests.Customers;

public class CustomerRulesTests
{
    [Fact]
    public void A_new_customer_gets_country_language_and_zone_of_the_address()
    {
        CustomerProfile told = new() { GivenName = "Anna", Address = new() { RegionCode = "DE" } };
        CustomerChange change = Value(CustomerRules.Create(new(), new(null, told), Anna, Now));
        CustomerProfile kept = Assert.IsType<ProfileSet>(change).Profile;
        Assert.Equal(("DE", "de-DE", "Europe/Berlin"), (kept.Country, kept.LanguageCode, kept.TimeZone));
    }

    [Fact]
    public void What_the_customer_told_goes_before_any_default()
    {
        CustomerProfile told = new()
        {
            FamilyName = "Lee",
            Country = "FR",
            LanguageCode = "en-GB",
            TimeZone = "Asia/Tokyo",
            Address = new() { RegionCode = "DE" },
        };
        CustomerChange change = Value(CustomerRules.Create(new(), new(null, told), Anna, Now));
        Assert.Equal(told, Assert.IsType<ProfileSet>(change).Profile);
    }

    [Fact]
    public void Without_any_name_no_customer_is_created()
    {
        Fault fault = Refusal(CustomerRules.Create(new(), new(null, new() { Email = "a@example.org" }), Anna, Now));
        Assert.Equal(("customer.given_name", "REQUIRED"), (fault.Fields[0].Field, fault.Fields[0].Reason));
    }

    [Fact]
    public void An_id_once_taken_is_taken_for_ever()
    {
        Assert.All([Created, Deleted, Purged], record =>
            Assert.Equal(FaultKind.Exists, Refusal(CustomerRules.Create(record, new(null, Profile), Anna, Now)).Kind));
    }

    [Theory]
    [InlineData("1899-12-31", false)]
    [InlineData("1900-01-01", true)]
    [InlineData("2026-11-23", true)]
    [InlineData("2026-11-24", false)]
    public void A_birth_date_lies_between_1900_and_today(string day, bool isTaken)
    {
        DateOnly born = DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture);
        UpdateCustomer command = new(null, null, new() { BirthDate = born }, Paths("birth_date"));
        Assert.Equal(isTaken, CustomerRules.Update(Created, command, Anna, Now).Fault is null);
    }

    [Fact]
    public void Today_is_the_customers_today()
    {
        // 23:30 in London is half past eight tomorrow in Tokyo.
        DateTimeOffset late = new(2026, 11, 23, 23, 30, 0, TimeSpan.Zero);
        CustomerProfile values = new() { BirthDate = new(2026, 11, 24), TimeZone = "Asia/Tokyo" };
        UpdateCustomer command = new(null, null, values, Paths("birth_date", "time_zone"));
        Assert.Null(CustomerRules.Update(Created, command, Anna, late).Fault);
        UpdateCustomer inLondon = command with { Paths = ["birth_date"] };
        Assert.Equal("BIRTH_DATE_INVALID", Refusal(CustomerRules.Update(Created, inLondon, Anna, late)).Reason);
    }

    [Fact]
    public void Only_what_the_update_touches_is_judged()
    {
        CustomerRecord nameless = new CustomerRecord().Apply(
            Anna, new ProfileSet(CustomerRules.WithDefaults(new())), Now);
        UpdateCustomer email = new(null, null, new() { Email = "a@example.org" }, Paths("email"));
        Assert.Null(CustomerRules.Update(nameless, email, Anna, Now).Fault);
        UpdateCustomer name = new(null, null, new(), Paths("given_name"));
        Assert.Equal("REQUIRED", Refusal(CustomerRules.Update(nameless, name, Anna, Now)).Reason);
    }

    [Fact]
    public void A_masked_field_without_a_value_goes_back_to_its_default()
    {
        UpdateCustomer command = new(null, null, new(), Paths("region_code", "language_code", "time_zone", "email"));
        CustomerRecord german = Created with
        {
            Profile = Profile with { Country = "DE", LanguageCode = "de-DE", TimeZone = "Europe/Berlin" },
        };
        CustomerChange change = Value(CustomerRules.Update(german, command, Anna, Now));
        Assert.Equal(Profile with { Email = null }, Assert.IsType<ProfileSet>(change).Profile);
    }

    [Fact]
    public void A_stem_cannot_become_both_liked_and_disliked_by_two_updates()
    {
        Preferences lilies = new() { LikedStems = ["lily"] };
        CustomerRecord likes = Created with { Profile = Profile with { Preferences = lilies } };
        CustomerProfile values = new() { Preferences = new() { DislikedStems = ["lily"] } };
        UpdateCustomer dislike = new(null, null, values, Paths("preferences.disliked_stems"));
        Fault fault = Refusal(CustomerRules.Update(likes, dislike, Anna, Now));
        Assert.Equal("customer.preferences.disliked_stems", fault.Fields[0].Field);
        UpdateCustomer both = dislike with { Paths = ["preferences.liked_stems", "preferences.disliked_stems"] };
        Assert.Null(CustomerRules.Update(likes, both, Anna, Now).Fault);
    }

    [Fact]
    public void An_update_decided_on_another_version_is_stale()
    {
        UpdateCustomer command = new(null, Etags.Of(Created.Revision), Profile, Paths("email"));
        Assert.Null(CustomerRules.Update(Created, command, Anna, Now).Fault);
        Assert.Equal(FaultKind.Stale, Refusal(CustomerRules.Update(WithMum, command, Anna, Now)).Kind);
    }

    [Fact]
    public void What_does_not_exist_or_is_deleted_is_not_updated()
    {
        UpdateCustomer command = new(null, null, Profile, Paths("email"));
        Assert.Equal(FaultKind.NotFound, Refusal(CustomerRules.Update(new(), command, Anna, Now)).Kind);
        Assert.Equal(FaultKind.NotFound, Refusal(CustomerRules.Update(Purged, command, Anna, Now)).Kind);
        Assert.Equal("CUSTOMER_DELETED", Refusal(CustomerRules.Update(Deleted, command, Anna, Now)).Reason);
    }

    [Fact]
    public void Deleting_twice_finds_nothing_and_undeleting_what_lives_finds_it_existing()
    {
        TimeSpan month = TimeSpan.FromDays(30);
        Assert.Equal(
            FaultKind.NotFound, Refusal(CustomerRules.Delete(Deleted, new(null, null), Anna, Now, month)).Kind);
        Assert.Equal(FaultKind.Exists, Refusal(CustomerRules.Undelete(Created, new(null, null), Anna)).Kind);
        Assert.Equal(FaultKind.NotFound, Refusal(CustomerRules.Undelete(Purged, new(null, null), Anna)).Kind);
        CustomerRecord back = Deleted.Apply(Anna, Value(CustomerRules.Undelete(Deleted, new(null, null), Anna)), Now);
        Assert.Null(back.DeletedAt);
        Assert.Null(back.NextDue);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void A_purge_is_due_from_its_time_on(int milliseconds, bool isDue)
    {
        DateTimeOffset at = Now.AddDays(30).AddMilliseconds(milliseconds);
        Assert.Equal(isDue, CustomerRules.IsPurgeDue(Deleted, at));
        Assert.False(CustomerRules.IsPurgeDue(Created, at));
        Assert.False(CustomerRules.IsPurgeDue(Purged, at));
    }
}
