using Florist.Customers;
using Florist.Kernel;
using static Florist.Tests.Customers.CustomerSamples;

namespace Florist.Tests.Customers;

public class CustomerRecordTests
{
    private const int StateBytesMax = 16 * 1024;

    [Fact]
    public void The_largest_customer_stays_below_the_limit_of_a_state()
    {
        // A character beyond the first plane takes twelve bytes of JSON.
        string longest = string.Concat(Enumerable.Repeat("\U0001F33C", PostalAddress.TextLengthMax));
        string name = string.Concat(Enumerable.Repeat("\U0001F33C", CustomerLimits.NameLengthMax));
        string[] words = [.. Enumerable.Range(10, Preferences.EntriesMax).Select(i => $"{new string('w', 37)}-{i}")];
        CustomerRecord largest = new()
        {
            Profile = new()
            {
                GivenName = name,
                FamilyName = name,
                Email = new string('e', 254),
                Mobile = "+123456789012345",
                Country = "GB",
                LanguageCode = "zh-Hant-TW",
                TimeZone = "America/Argentina/ComodRivadavia",
                BirthDate = new DateOnly(1980, 2, 29),
                Address = new()
                {
                    RegionCode = "GB",
                    PostalCode = longest[..40],
                    AdministrativeArea = longest,
                    Locality = longest,
                    Sublocality = longest,
                    Organization = longest,
                    Lines = [.. Enumerable.Repeat(longest, PostalAddress.LinesMax)],
                },
                Preferences = new()
                {
                    LikedStems = [.. words],
                    DislikedStems = [.. words],
                    LikedColours = [.. words],
                    DislikedColours = [.. words],
                    Allergies = [.. words],
                    HasCats = true,
                    HasDogs = true,
                    PriceRange = new(new(long.MaxValue, "GBP"), new(long.MaxValue, "GBP")),
                    Channels = [.. Enum.GetValues<Channel>()],
                    OptIns = [.. Enum.GetValues<Channel>().SelectMany(channel =>
                        Enum.GetValues<Purpose>().Select(purpose => new OptIn(channel, purpose)))],
                },
            },
            Traits = new()
            {
                OrderCount = int.MaxValue,
                PurchaseDayCount = int.MaxValue,
                FirstPurchaseOn = DateOnly.MaxValue,
                LastPurchaseOn = DateOnly.MaxValue,
            },
            Revision = long.MaxValue,
            CreatedAt = Now,
            UpdatedAt = Now,
            DeletedAt = Now,
            PurgeAt = Now,
        };
        Assert.InRange(FloristJson.WriteBytes(largest).Length, 1, StateBytesMax);
    }

    [Fact]
    public void A_state_is_read_back_as_it_was_written_without_what_stands_in_rows()
    {
        CustomerRecord read = FloristJson.Read<CustomerRecord>(FloristJson.Write(WithMum));
        Assert.Equal(FloristJson.Write(WithMum), FloristJson.Write(read));
        Assert.Empty(read.Recipients);
        Assert.Empty(read.Effects.Rows);
        Assert.Equal(WithMum.Profile, read.Profile);
    }

    [Fact]
    public void A_state_of_the_first_version_still_loads()
    {
        CustomerRecord read = FloristJson.Read<CustomerRecord>("""
            {"profile":{"givenName":"Anna","familyName":"Lee","email":"anna@example.org","country":"GB",
            "languageCode":"en-GB","timeZone":"Europe/London","formality":"Formal","preferences":{"likedStems":["iris"],
            "dislikedStems":[],"likedColours":[],"dislikedColours":[],"allergies":[],"hasCats":true,"hasDogs":false,
            "channels":["Sms"],"optIns":[{"channel":"Sms","purpose":"Offers"}]}},
            "traits":{"orderCount":2,"purchaseDayCount":1,"firstPurchaseOn":"1997-01-01","lastPurchaseOn":"1997-01-01",
            "spend":{"USD":{"orderCount":2,"minor":2354}}},"revision":3,
            "createdAt":"2026-11-23T09:00:00+00:00","updatedAt":"2026-11-23T09:00:00+00:00"}
            """.ReplaceLineEndings(""));
        Assert.Equal(("Anna", 3L, "USD"), (read.Profile.GivenName, read.Revision, read.Traits.MainCurrency()));
        Assert.True(read.Profile.Preferences.HasCats);
        Assert.True(read.Profile.Preferences.Allows(Channel.Sms, Purpose.Offers));
        Assert.False(read.Profile.Preferences.Allows(Channel.Email, Purpose.Offers));
        Assert.True(read.Profile.Preferences.Allows(Channel.Email, Purpose.OrderNotices));
        Assert.True(read.Exists);
    }

    [Fact]
    public void Every_change_is_announced_under_a_key_of_its_revision_but_purchases_are_not()
    {
        Assert.Equal("customers.changed/anna/1", Assert.Single(Created.Effects.Pending).Key);
        Assert.Equal("customers.changed/anna/2", WithMum.Effects.Pending[^1].Key);
        CustomerChanged told = Deleted.Effects.Pending[^1].Read<CustomerChanged>();
        Assert.Equal(new CustomerChanged(Anna, "Europe/London", "en-GB", 2, Deleted: true), told);
        CustomerRecord bought = Created.Apply(
            Anna, new PurchasesAdded(Profile, new() { OrderCount = 1 }, [Bought("orders-1", "2026-11-23")]), Now);
        Assert.Single(bought.Effects.Pending);
        Assert.Equal(2, bought.Revision);
    }

    [Fact]
    public void A_purge_leaves_nothing_but_a_tombstone_that_never_wakes_again()
    {
        Assert.False(Purged.Exists);
        Assert.Null(Purged.NextDue);
        Assert.Equal(Now.AddDays(30), Deleted.NextDue);
        Assert.DoesNotContain("Anna", FloristJson.Write(Purged));
        Assert.Equal(CustomersTopics.Purged, Purged.Effects.Pending[^1].Topic);
        RowChange index = Purged.Effects.Rows.Last(row => row.Table == CustomerIndex.Table);
        Assert.True(index.IsDelete);
    }
}
