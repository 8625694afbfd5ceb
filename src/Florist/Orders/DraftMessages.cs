using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;
using Florist.Stock;
using Florist.Vouchers;
using Proto = Florist.Protos.Orders.V1;
using TimeOfDay = Google.Type.TimeOfDay;

namespace Florist.Orders;

/// <summary>Messages to drafts, collecting what is wrong field by field.</summary>
internal static class DraftMessages
{
    private const string BouquetPrefix = "bouquets/";

    /// <summary>Reads what is asked for. The customer is read apart: it decides who may ask.</summary>
    public static OrderDraft Read(Proto.Order order, CustomerId customer, FieldChecks checks)
    {
        RecipientId? recipient = Recipient(order.Recipient, customer, checks);
        checks.That(
            recipient is not null || order.DeliveryContact is not null || order.Recipient.Length > 0,
            "order.recipient",
            "REQUIRED",
            "either recipient or delivery_contact is required");
        return new OrderDraft
        {
            RecipientId = recipient,
            Contact = order.DeliveryContact is { } contact ? Contact(contact, checks) : null,
            Lines = Lines(order, checks),
            DeliveryOn = Day(order.DeliveryDate, "order.delivery_date", checks),
            Window = order.DeliveryWindow is { } window
                ? Window(window, "order.delivery_window", checks)
                : null,
            Voucher = Voucher(order.Voucher, checks),
            Slot = Slot(order.DeliverySlot, order.DeliveryDate, checks),
            Card = Card(order.CardMessage, checks),
            Substitution = FieldReads.Choice<SubstitutionPolicy>(
                "order.substitution_policy", (int)order.SubstitutionPolicy, checks),
            Absence = Absence(order.AbsencePolicy, checks),
            Category = Category(order.OccasionCategory, checks),
            Currency = Currency(order.CurrencyCode, checks),
            HazardsAcknowledged = order.HazardsAcknowledged,
        };
    }

    private static RecipientId? Recipient(string name, CustomerId customer, FieldChecks checks)
    {
        if (name.Length == 0)
        {
            return null;
        }

        if (name.Split('/') is ["customers", string owner, "recipients", string id]
            && (owner == customer.Value || owner == "me") && CustomerNames.IsId(id))
        {
            return new RecipientId(id);
        }

        checks.Add("order.recipient", "NAME_INVALID", "is not a recipient of the order's customer");
        return null;
    }

    private static DeliveryContact Contact(Proto.DeliveryContact contact, FieldChecks checks)
    {
        const string path = "order.delivery_contact";
        checks.That(contact.Address is not null, $"{path}.address", "REQUIRED", "is required");
        PostalAddress address = PostalAddress.Read(contact.Address, $"{path}.address", checks) ?? new PostalAddress();
        if (contact.Address is not null)
        {
            DeliveryAddress.Check(address, $"{path}.address", checks);
        }

        return new DeliveryContact
        {
            GivenName = checks.Text($"{path}.given_name", contact.GivenName, CustomerLimits.NameLengthMax),
            FamilyName = checks.OptionalText($"{path}.family_name", contact.FamilyName, CustomerLimits.NameLengthMax),
            Address = address,
            Phone = FieldReads.Phone($"{path}.phone", contact.Phone, checks),
            Place = FieldReads.Choice<PlaceType>($"{path}.place_type", (int)contact.PlaceType, checks),
            AccessNote = checks.OptionalText($"{path}.access_note", contact.AccessNote, OrderLimits.NoteLengthMax),
        };
    }

    private static ImmutableArray<DraftLine> Lines(Proto.Order order, FieldChecks checks)
    {
        const string path = "order.lines";
        checks.That(order.Lines.Count > 0, path, "REQUIRED", "at least one line is required");
        checks.That(
            order.Lines.Count <= OrderLimits.LinesMax, path, "TOO_MANY", $"more than {OrderLimits.LinesMax} lines");
        ImmutableArray<DraftLine>.Builder lines = ImmutableArray.CreateBuilder<DraftLine>();
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < Math.Min(order.Lines.Count, OrderLimits.LinesMax); i++)
        {
            Proto.OrderLine line = order.Lines[i];
            BouquetId bouquet = BouquetOf(line.Bouquet);
            checks.That(
                bouquet.Value.Length > 0,
                $"{path}[{i}].bouquet",
                "NAME_INVALID",
                "is not a name of the form bouquets/{bouquet}");
            checks.That(
                line.Quantity is >= 1 and <= OrderLimits.QuantityMax,
                $"{path}[{i}].quantity",
                "OUT_OF_RANGE",
                $"must be 1 to {OrderLimits.QuantityMax}");
            checks.That(seen.Add(line.Bouquet), $"{path}[{i}].bouquet", "DUPLICATE", "stands in another line already");
            lines.Add(new DraftLine(bouquet, line.Quantity));
        }

        return lines.ToImmutable();
    }

    /// <summary>The bouquet of a name <c>bouquets/{bouquet}</c>; an empty id for anything else.</summary>
    public static BouquetId BouquetOf(string name) => new(
        name.StartsWith(BouquetPrefix, StringComparison.Ordinal) && CustomerNames.IsId(name[BouquetPrefix.Length..])
            ? name[BouquetPrefix.Length..]
            : "");

    /// <summary>A civil day that is required.</summary>
    public static DateOnly Day(Google.Type.Date? date, string field, FieldChecks checks)
    {
        DateOnly? day = ProtoValues.ReadDay(date, field, checks);
        bool given = day is not null || date is { Year: not 0 } or { Month: not 0 } or { Day: not 0 };
        checks.That(given, field, "REQUIRED", "is required");
        return day ?? default;
    }

    /// <summary>A window of a day.</summary>
    public static DayWindow Window(Proto.DeliveryWindow window, string field, FieldChecks checks) => new(
        Time(window.StartTime, $"{field}.start_time", checks),
        Time(window.EndTime, $"{field}.end_time", checks));

    private static string? Voucher(string name, FieldChecks checks)
    {
        string? code = VoucherCodes.Named(name);
        checks.That(
            code is not null || name.Length == 0,
            "order.voucher",
            "NAME_INVALID",
            "is not a name of the form vouchers/{voucher}");
        return code;
    }

    private static SlotName? Slot(string name, Google.Type.Date? date, FieldChecks checks)
    {
        if (name.Length == 0)
        {
            return null;
        }

        string[] parts = name.Split('/');
        if (parts is not ["shops", _, "days", _, "slots", { Length: > 0 and <= 63 } slot]
            || DayKey.Named(string.Join('/', parts[..4])) is not { } day)
        {
            checks.Add(
                "order.delivery_slot",
                "NAME_INVALID",
                "is not a name of the form shops/{shop}/days/{day}/slots/{slot}");
            return null;
        }

        bool agrees = date is null || (day.Day.Year, day.Day.Month, day.Day.Day) == (date.Year, date.Month, date.Day);
        checks.That(agrees, "order.delivery_slot", "SLOT_OF_ANOTHER_DAY", "is not a slot of the delivery_date");
        return new SlotName(day.Shop, slot);
    }

    private static TimeOnly Time(TimeOfDay? time, string field, FieldChecks checks)
    {
        if (time is { Hours: >= 0 and <= 23, Minutes: >= 0 and <= 59, Seconds: 0, Nanos: 0 })
        {
            return new TimeOnly(time.Hours, time.Minutes);
        }

        checks.Add(field, time is null ? "REQUIRED" : "TIME_INVALID", "is required, as hours and minutes of a day");
        return default;
    }

    private static CardMessage? Card(Proto.CardMessage? card, FieldChecks checks)
    {
        if (card is null)
        {
            return null;
        }

        string? text = checks.OptionalText("order.card_message.text", card.Text, OrderLimits.CardLengthMax);
        string? signature =
            checks.OptionalText("order.card_message.signature", card.Signature, OrderLimits.SignatureLengthMax);
        CardPrint.Check(text, "order.card_message.text", checks);
        CardPrint.Check(signature, "order.card_message.signature", checks);
        checks.That(
            (text ?? "").Split('\n').Length <= OrderLimits.CardLinesMax,
            "order.card_message.text",
            "TOO_LONG",
            $"has more than {OrderLimits.CardLinesMax} lines");
        return text is null && signature is null ? null : new CardMessage(text ?? "", signature);
    }

    private static AbsencePolicy Absence(Proto.AbsencePolicy? policy, FieldChecks checks) => new()
    {
        SafePlaceAllowed = policy?.SafePlaceAllowed ?? false,
        SafePlace = checks.OptionalText(
            "order.absence_policy.safe_place", policy?.SafePlace, OrderLimits.SafePlaceLengthMax),
        NeighbourAllowed = policy?.NeighborAllowed ?? false,
    };

    private static OccasionCategory? Category(string word, FieldChecks checks)
    {
        OccasionCategory? category = OccasionCategories.Find(word);
        checks.That(
            category is not null || word.Length == 0,
            "order.occasion_category",
            "VALUE_UNKNOWN",
            "is not a category of the catalogue, such as birthday");
        return category;
    }

    private static string Currency(string code, FieldChecks checks)
    {
        bool plain = code.Length == 3 && code.All(char.IsAsciiLetterUpper);
        checks.That(
            plain,
            "order.currency_code",
            code.Length == 0 ? "REQUIRED" : "CURRENCY_INVALID",
            "must be an ISO 4217 code, such as GBP");
        return plain ? code : "";
    }
}
