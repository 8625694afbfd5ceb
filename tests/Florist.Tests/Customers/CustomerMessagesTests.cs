using Florist.Customers;
using Florist.Kernel;
using Google.Type;
using Customer = Florist.Protos.Customers.V1.Customer;
using RecipientMessage = Florist.Protos.Customers.V1.Recipient;
using Types = Florist.Protos.Customers.V1.Customer.Types;

namespace Florist.Tests.Customers;

public class CustomerMessagesTests
{
    private static readonly Customer Full = new()
    {
        GivenName = "Anna",
        FamilyName = "Lee",
        Email = "anna@example.org",
        Mobile = "+447700900123",
        RegionCode = "DE",
        LanguageCode = "de-DE",
        TimeZone = "Europe/Berlin",
        Address = new() { RegionCode = "DE", PostalCode = "10115", AddressLines = { "Hauptstraße 1", "Hof" } },
        Formality = Types.Formality.Informal,
        BirthDate = new() { Year = 1980, Month = 2, Day = 29 },
        Preferences = new()
        {
            LikedStems = { "white-iris" },
            DislikedStems = { "lily" },
            LikedColors = { "white" },
            DislikedColors = { "red" },
            Allergies = { "pollen" },
            HasCats = true,
            PriceRange = new()
            {
                MinPrice = new() { CurrencyCode = "GBP", Units = 25 },
                MaxPrice = new() { CurrencyCode = "GBP", Units = 49, Nanos = 990_000_000 },
            },
            Channels = { Types.Channel.Sms, Types.Channel.Email },
            OptIns = { new Types.OptIn { Channel = Types.Channel.Email, Purpose = Types.Purpose.Surveys } },
        },
    };

    [Fact]
    public void What_is_sent_is_what_is_answered()
    {
        FieldChecks checks = new();
        CustomerProfile profile = CustomerMessages.Read(Full, checks);
        Assert.Null(checks.Fault);
        CustomerView view = new CustomerRecord().Apply(new("anna"), new ProfileSet(profile), CustomerSamples.Now)
            .View(new("anna"));
        Customer answered = view.ToProto();
        Assert.Equal("customers/anna", answered.Name);
        Assert.Equal("\"1\"", answered.Etag);
        Assert.Equal(answered.CreateTime, answered.UpdateTime);
        Customer told = answered.Clone();
        (told.Name, told.Etag, told.CreateTime, told.UpdateTime, told.Traits) = ("", "", null, null, null);
        Assert.Equal(Full, told);
    }

    [Fact]
    public void Every_mistake_is_found_at_once_under_its_path()
    {
        Customer wrong = new()
        {
            GivenName = new string('x', 101),
            FamilyName = "a\u0000b",
            Email = "anna",
            Mobile = "0770",
            RegionCode = "ZZ",
            LanguageCode = "english",
            TimeZone = "Berlin",
            Address = new() { AddressLines = { "1", "2", "3", "4", "5", "6" } },
            Formality = (Types.Formality)9,
            BirthDate = new() { Year = 1980, Month = 2, Day = 30 },
            Preferences = new()
            {
                LikedStems = { "white iris" },
                Allergies = { Enumerable.Repeat("nuts", 21) },
                PriceRange = new() { MinPrice = new() { CurrencyCode = "GBP", Units = 25 } },
                Channels = { Types.Channel.Unspecified },
                OptIns = { new Types.OptIn { Channel = Types.Channel.Email, Purpose = Types.Purpose.OrderNotices } },
            },
        };
        FieldChecks checks = new();
        CustomerMessages.Read(wrong, checks);
        Assert.Equal(
            [
                ("customer.given_name", "TOO_LONG"),
                ("customer.family_name", "INVALID_TEXT"),
                ("customer.email", "EMAIL_INVALID"),
                ("customer.mobile", "PHONE_INVALID"),
                ("customer.region_code", "REGION_UNKNOWN"),
                ("customer.language_code", "LANGUAGE_INVALID"),
                ("customer.time_zone", "TIME_ZONE_UNKNOWN"),
                ("customer.address.address_lines", "TOO_MANY"),
                ("customer.address.region_code", "REQUIRED"),
                ("customer.formality", "VALUE_UNKNOWN"),
                ("customer.birth_date", "DATE_INVALID"),
                ("customer.preferences.liked_stems[0]", "WORD_INVALID"),
                ("customer.preferences.allergies", "TOO_MANY"),
                ("customer.preferences.price_range.max_price", "REQUIRED"),
                ("customer.preferences.channels[0]", "REQUIRED"),
                ("customer.preferences.opt_ins[0].purpose", "CONSENT_NOT_NEEDED"),
            ],
            Assert.IsType<Fault>(checks.Fault).Fields.Select(field => (field.Field, field.Reason)));
    }

    [Theory]
    [InlineData("GBP", 50, 0, "GBP", 25, 0)]
    [InlineData("GBP", 25, 0, "EUR", 50, 0)]
    [InlineData("GBP", -1, 0, "GBP", 50, 0)]
    public void A_price_range_has_one_currency_and_goes_upwards(
        string minCurrency, long min, int minNanos, string maxCurrency, long max, int maxNanos)
    {
        Customer message = new()
        {
            Preferences = new()
            {
                PriceRange = new()
                {
                    MinPrice = new Google.Type.Money { CurrencyCode = minCurrency, Units = min, Nanos = minNanos },
                    MaxPrice = new Google.Type.Money { CurrencyCode = maxCurrency, Units = max, Nanos = maxNanos },
                },
            },
        };
        FieldChecks checks = new();
        CustomerMessages.Read(message, checks);
        Assert.Equal("RANGE_INVALID", checks.Fault?.Reason);
    }

    [Fact]
    public void Words_and_opt_ins_are_kept_once_and_in_one_form()
    {
        Types.OptIn sms = new() { Channel = Types.Channel.Sms, Purpose = Types.Purpose.Offers };
        Types.OptIn email = new() { Channel = Types.Channel.Email, Purpose = Types.Purpose.Surveys };
        Customer message = new()
        {
            Preferences = new() { LikedStems = { " Iris", "iris", "rose " }, OptIns = { sms, email, sms } },
        };
        FieldChecks checks = new();
        Preferences read = CustomerMessages.Read(message, checks).Preferences;
        Assert.Null(checks.Fault);
        Assert.Equal(["iris", "rose"], read.LikedStems);
        Assert.Equal([new(Channel.Email, Purpose.Surveys), new(Channel.Sms, Purpose.Offers)], read.OptIns);
    }

    [Fact]
    public void The_contracts_enums_have_our_names_one_number_up()
    {
        Same<Formality, Types.Formality>();
        Same<Channel, Types.Channel>();
        Same<Purpose, Types.Purpose>();
        Same<Relationship, RecipientMessage.Types.Relationship>();

        static void Same<TOwn, TMessage>()
            where TOwn : struct, Enum
            where TMessage : struct, Enum => Assert.Equal(
                Enum.GetNames<TOwn>().Prepend("Unspecified"), Enum.GetNames<TMessage>());
    }

    [Fact]
    public void A_recipient_is_answered_as_it_was_sent()
    {
        RecipientMessage sent = new()
        {
            GivenName = "Mary",
            FamilyName = "Lee",
            Relationship = RecipientMessage.Types.Relationship.Mother,
            Address = new() { RegionCode = "GB", PostalCode = "SW1A 1AA", AddressLines = { "1 The Mall" } },
            Phone = "+442079460018",
            LikedStems = { "rose" },
            DislikedStems = { "lily" },
            LikedColors = { "pink" },
            DislikedColors = { "red" },
            Allergies = { "pollen" },
            HasCats = true,
            HasDogs = true,
            AnnouncementAllowed = true,
            Deceased = true,
        };
        FieldChecks checks = new();
        Recipient read = RecipientMessages.Read(sent, new("mum"), checks);
        Assert.Null(checks.Fault);
        RecipientMessage answered = (read with { Revision = 7 }).ToProto(new("anna"));
        Assert.Equal(("customers/anna/recipients/mum", "\"7\""), (answered.Name, answered.Etag));
        (answered.Name, answered.Etag, answered.CreateTime, answered.UpdateTime) = ("", "", null, null);
        Assert.Equal(sent, answered);
    }
}
