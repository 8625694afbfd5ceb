using System.Collections.Immutable;
using Florist.Kernel;
using Google.Protobuf.Collections;
using Customer = Florist.Protos.Customers.V1.Customer;
using PurchaseMessage = Florist.Protos.Customers.V1.Purchase;
using Types = Florist.Protos.Customers.V1.Customer.Types;

namespace Florist.Customers;

/// <summary>Customers and purchases to and from their messages.</summary>
internal static class CustomerMessages
{
    private const string Field = "customer";

    public static CustomerProfile Read(Customer message, FieldChecks checks) => new()
    {
        GivenName = ProfileReads.PersonName($"{Field}.given_name", message.GivenName, checks),
        FamilyName = ProfileReads.PersonName($"{Field}.family_name", message.FamilyName, checks),
        Email = FieldReads.Email($"{Field}.email", message.Email, checks),
        Mobile = FieldReads.Phone($"{Field}.mobile", message.Mobile, checks),
        Country = message.RegionCode.Length == 0
            ? ""
            : Regions.Read(message.RegionCode, $"{Field}.region_code", checks) ?? "",
        LanguageCode = ProfileReads.Language($"{Field}.language_code", message.LanguageCode, checks),
        TimeZone = FieldReads.Zone($"{Field}.time_zone", message.TimeZone, checks),
        Address = PostalAddress.Read(message.Address, $"{Field}.address", checks),
        Formality = FieldReads.Choice<Formality>($"{Field}.formality", (int)message.Formality, checks),
        BirthDate = ProtoValues.ReadDay(message.BirthDate, $"{Field}.birth_date", checks),
        Preferences = message.Preferences is { } preferences
            ? Read(preferences, $"{Field}.preferences", checks)
            : new Preferences(),
    };

    public static Customer ToProto(this CustomerView view)
    {
        Customer message = new()
        {
            Name = view.Id.Name,
            GivenName = view.GivenName,
            FamilyName = view.FamilyName,
            Email = view.Email ?? "",
            Mobile = view.Mobile ?? "",
            RegionCode = view.Country,
            LanguageCode = view.LanguageCode,
            TimeZone = view.TimeZone,
            Address = view.Address?.ToProto(),
            Formality = (Types.Formality)(view.Formality + 1),
            BirthDate = view.BirthDate?.ToProto(),
            Preferences = ToProto(view.Preferences),
            Traits = ToProto(view.Traits),
            CreateTime = view.CreatedAt.ToProto(),
            UpdateTime = view.UpdatedAt.ToProto(),
            DeleteTime = view.DeletedAt?.ToProto(),
            PurgeTime = view.PurgeAt?.ToProto(),
            Etag = Etags.Of(view.Revision),
        };
        return message;
    }

    public static PurchaseMessage ToProto(this Purchase purchase, CustomerId customer) => new()
    {
        Name = $"{customer.Name}/purchases/{purchase.Key}",
        PurchaseDate = purchase.Day.ToProto(),
        Withdrawn = purchase.Withdrawn,
        Units = purchase.Units,
        Amount = purchase.Amount.ToProto(),
    };

    private static Preferences Read(Types.Preferences message, string field, FieldChecks checks) => new()
    {
        LikedStems = ProfileReads.Words($"{field}.liked_stems", message.LikedStems, checks),
        DislikedStems = ProfileReads.Words($"{field}.disliked_stems", message.DislikedStems, checks),
        LikedColours = ProfileReads.Words($"{field}.liked_colors", message.LikedColors, checks),
        DislikedColours = ProfileReads.Words($"{field}.disliked_colors", message.DislikedColors, checks),
        Allergies = ProfileReads.Words($"{field}.allergies", message.Allergies, checks),
        HasCats = message.HasCats,
        HasDogs = message.HasDogs,
        PriceRange = ReadRange(message.PriceRange, $"{field}.price_range", checks),
        Channels = [.. message.Channels
            .Select((channel, i) => ReadChannel(channel, $"{field}.channels[{i}]", checks)).Distinct()],
        OptIns = [.. message.OptIns
            .Select((optIn, i) => ReadOptIn(optIn, $"{field}.opt_ins[{i}]", checks))
            .Distinct().OrderBy(optIn => optIn.Channel).ThenBy(optIn => optIn.Purpose)],
    };

    private static PriceRange? ReadRange(Types.PriceRange? message, string field, FieldChecks checks)
    {
        if (message is null)
        {
            return null;
        }

        Money? min = ProtoValues.ReadMoney(message.MinPrice, $"{field}.min_price", checks);
        Money? max = ProtoValues.ReadMoney(message.MaxPrice, $"{field}.max_price", checks);
        checks.That(message.MinPrice is not null, $"{field}.min_price", "REQUIRED", "is required");
        checks.That(message.MaxPrice is not null, $"{field}.max_price", "REQUIRED", "is required");
        if (min is not { } least || max is not { } most)
        {
            return null;
        }

        checks.That(
            least.Currency == most.Currency && least.Minor >= 0 && least.Minor <= most.Minor,
            field, "RANGE_INVALID", "needs two amounts of one currency, not negative, the smaller one first");
        return new PriceRange(least, most);
    }

    private static Channel ReadChannel(Types.Channel channel, string field, FieldChecks checks) =>
        FieldReads.Required<Channel>(field, (int)channel, checks);

    private static OptIn ReadOptIn(Types.OptIn optIn, string field, FieldChecks checks)
    {
        checks.That(
            optIn.Purpose != Types.Purpose.OrderNotices,
            $"{field}.purpose", "CONSENT_NOT_NEEDED", "notices about an order are a service and need no opt-in");
        return new OptIn(
            ReadChannel(optIn.Channel, $"{field}.channel", checks),
            FieldReads.Required<Purpose>($"{field}.purpose", (int)optIn.Purpose, checks));
    }

    private static Types.Preferences ToProto(Preferences preferences)
    {
        Types.Preferences message = new()
        {
            HasCats = preferences.HasCats,
            HasDogs = preferences.HasDogs,
            PriceRange = preferences.PriceRange is { } range
                ? new Types.PriceRange { MinPrice = range.Min.ToProto(), MaxPrice = range.Max.ToProto() }
                : null,
        };
        Fill(message.LikedStems, preferences.LikedStems);
        Fill(message.DislikedStems, preferences.DislikedStems);
        Fill(message.LikedColors, preferences.LikedColours);
        Fill(message.DislikedColors, preferences.DislikedColours);
        Fill(message.Allergies, preferences.Allergies);
        foreach (Channel channel in preferences.Channels)
        {
            message.Channels.Add((Types.Channel)(channel + 1));
        }

        foreach (OptIn optIn in preferences.OptIns)
        {
            message.OptIns.Add(new Types.OptIn
            {
                Channel = (Types.Channel)(optIn.Channel + 1),
                Purpose = (Types.Purpose)(optIn.Purpose + 1),
            });
        }

        return message;
    }

    // One by one, since AddRange would box the array, and most are empty.
    private static void Fill(RepeatedField<string> field, ImmutableArray<string> words)
    {
        foreach (string word in words)
        {
            field.Add(word);
        }
    }

    private static Types.Traits ToProto(CustomerTraits traits)
    {
        Types.Traits message = new()
        {
            OrderCount = traits.OrderCount,
            PurchaseDayCount = traits.PurchaseDayCount,
            FirstPurchaseDate = traits.FirstPurchaseOn?.ToProto(),
            LastPurchaseDate = traits.LastPurchaseOn?.ToProto(),
            CurrencyCode = traits.MainCurrency() ?? "",
            Spend = traits.MainSpend()?.ToProto(),
            AverageOrderValue = traits.AverageOrderValue()?.ToProto(),
        };
        foreach ((string currency, CurrencySpend spend) in traits.Spend)
        {
            message.Spends.Add(new Types.Spend
            {
                OrderCount = spend.OrderCount,
                Amount = new Money(spend.Minor, currency).ToProto(),
                AverageOrderValue = spend.Average(currency).ToProto(),
            });
        }

        return message;
    }
}
