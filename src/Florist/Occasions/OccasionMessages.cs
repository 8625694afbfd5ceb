using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;
using Google.Protobuf.WellKnownTypes;
using Enum = System.Enum;
using OccasionMessage = Florist.Protos.Occasions.V1.Occasion;
using ReminderMessage = Florist.Protos.Occasions.V1.UpcomingReminder;
using SettingsMessage = Florist.Protos.Occasions.V1.ReminderSettings;
using Types = Florist.Protos.Occasions.V1.Occasion.Types;

namespace Florist.Occasions;

/// <summary>Occasions, reminders and settings to and from their messages.</summary>
internal static class OccasionMessages
{
    private const string Field = "occasion";

    /// <summary>The paths to change. A form of the day that is sent counts as populated also when it is zero.</summary>
    public static ImmutableArray<string> Paths(FieldMask? mask, OccasionMessage message, FieldChecks checks)
    {
        ImmutableArray<string> paths = FieldMasks.Paths(mask, message, OccasionFields.Paths, checks);
        bool isEaster = mask is null or { Paths.Count: 0 }
            && message.DayCase == OccasionMessage.DayOneofCase.EasterOffsetDays;
        return isEaster && !paths.Contains("easter_offset_days") ? paths.Add("easter_offset_days") : paths;
    }

    /// <summary>Reads the named fields; the others stay as a new occasion has them.</summary>
    public static OccasionDetails Read(
        OccasionMessage message,
        ImmutableArray<string> paths,
        CustomerId customer,
        Caller caller,
        FieldChecks checks)
    {
        OccasionKind? kind = FieldReads.Optional<OccasionKind>($"{Field}.kind", (int)message.Kind, checks);
        checks.That(message.Kind != 0 || !paths.Contains("kind"), $"{Field}.kind", "REQUIRED", "is required");
        bool namesDay = paths.Any(path => path is "date" or "weekday" or "easter_offset_days" or "holiday");
        YearlyDay day = OccasionDayMessages.Read(message, namesDay, checks);
        return new OccasionDetails
        {
            Kind = kind ?? default,
            Title = message.Title,
            Day = day,
            FirstYear = message.Date is { Year: not 0 } date ? date.Year : null,
            Recipient = paths.Contains("recipient") ? Recipient(message.Recipient, customer, caller, checks) : null,
            Category = FieldReads.Optional<OccasionCategory>($"{Field}.category", (int)message.Category, checks)
                ?? Suggested(kind, day),
            TimeZone = message.TimeZone.Length == 0 ? null : message.TimeZone,
            LeadDays = [.. message.LeadDays],
        };
    }

    public static OccasionMessage ToProto(this OccasionView view, CustomerId customer)
    {
        Occasion occasion = view.Occasion;
        OccasionDetails details = occasion.Details;
        OccasionMessage message = new()
        {
            Name = occasion.Id.Name(customer),
            Kind = (Types.Kind)(details.Kind + 1),
            Title = details.Title,
            Recipient = details.Recipient?.Name(customer) ?? "",
            Category = (Protos.Catalogue.V1.OccasionCategory)(details.Category + 1),
            TimeZone = details.TimeZone ?? "",
            MuteReason = occasion.Muted is { } reason
                ? (Types.MuteReason)(reason + 1)
                : Types.MuteReason.Unspecified,
            NextDate = view.NextOn?.ToProto(),
            NextYears = view.NextOn is { } next ? ReminderSchedule.YearsAt(occasion, next) ?? 0 : 0,
            CreateTime = occasion.CreatedAt.ToProto(),
            UpdateTime = occasion.UpdatedAt.ToProto(),
            Etag = Etags.Of(occasion.Revision),
        };
        message.LeadDays.AddRange(details.LeadDays);
        OccasionDayMessages.Write(details, message);
        return message;
    }

    public static ReminderMessage ToProto(this UpcomingReminder reminder, CustomerId customer) => new()
    {
        Occasion = reminder.OccasionId.Name(customer),
        OccasionDate = reminder.Date.ToProto(),
        LeadDays = reminder.LeadDays,
        RemindTime = reminder.DueAt.ToProto(),
        ExpireTime = reminder.ExpiresAt.ToProto(),
        Ordered = reminder.Ordered,
    };

    public static SettingsMessage ToProto(this ReminderSettings settings, CustomerId customer)
    {
        SettingsMessage message = new()
        {
            Name = $"{customer.Name}/reminderSettings",
            Etag = Etags.Of(settings.Revision),
        };
        message.LeadDays.AddRange(settings.LeadDays);
        return message;
    }

    /// <summary>The customer of a name <c>customers/{customer}/reminderSettings</c>.</summary>
    public static Outcome<CustomerId> SettingsOf(string name, string field, Caller caller) =>
        name.Split('/') is [string customers, string id, "reminderSettings"]
            ? CustomerNames.Customer($"{customers}/{id}", field, caller)
            : Fault.Invalid(field, "NAME_INVALID", "is not a name of the form customers/{customer}/reminderSettings");

    private static RecipientId? Recipient(string name, CustomerId customer, Caller caller, FieldChecks checks)
    {
        if (name.Length == 0)
        {
            return null;
        }

        CustomerChild child = CustomerNames.Child(name, "recipients", $"{Field}.recipient", caller).OrThrow();
        checks.That(
            child.Customer == customer,
            $"{Field}.recipient",
            "RECIPIENT_UNKNOWN",
            "is not a recipient of this customer");
        return new RecipientId(child.Id);
    }

    private static OccasionCategory Suggested(OccasionKind? kind, YearlyDay day) => (kind, day) switch
    {
        (_, HolidayDay { Holiday: Holiday.MothersDay }) => OccasionCategory.MothersDay,
        (_, HolidayDay { Holiday: Holiday.FathersDay }) => OccasionCategory.FathersDay,
        (_, HolidayDay { Holiday: Holiday.ValentinesDay }) => OccasionCategory.Valentines,
        (_, HolidayDay { Holiday: Holiday.WomensDay }) => OccasionCategory.WomensDay,
        (_, HolidayDay { Holiday: Holiday.EasterSunday }) => OccasionCategory.Easter,
        (_, HolidayDay { Holiday: Holiday.ChristmasDay }) => OccasionCategory.Christmas,
        (OccasionKind.Birthday, _) => OccasionCategory.Birthday,
        (OccasionKind.Anniversary, _) => OccasionCategory.Anniversary,
        _ => OccasionCategory.JustBecause,
    };
}
