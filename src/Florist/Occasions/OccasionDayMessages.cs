using Florist.Kernel;
using Date = Google.Type.Date;
using OccasionMessage = Florist.Protos.Occasions.V1.Occasion;
using Types = Florist.Protos.Occasions.V1.Occasion.Types;

namespace Florist.Occasions;

/// <summary>
/// The forms of a yearly day to and from their messages. Whether a day exists is for the rules to say.
/// </summary>
internal static class OccasionDayMessages
{
    public static YearlyDay Read(OccasionMessage message, bool isRequired, FieldChecks checks)
    {
        LeapPolicy leapPolicy =
            FieldReads.Choice<LeapPolicy>("occasion.leap_policy", (int)message.LeapPolicy, checks);
        switch (message.DayCase)
        {
            case OccasionMessage.DayOneofCase.Date:
                return new FixedDay { Month = message.Date.Month, Day = message.Date.Day, LeapPolicy = leapPolicy };
            case OccasionMessage.DayOneofCase.Weekday:
                return Read(message.Weekday, checks);
            case OccasionMessage.DayOneofCase.EasterOffsetDays:
                return new EasterDay { OffsetDays = message.EasterOffsetDays };
            case OccasionMessage.DayOneofCase.Holiday:
                return Read(message.Holiday, checks);
            default:
                checks.That(!isRequired, "occasion.date", "REQUIRED", "or another form of the day is required");
                return new FixedDay { LeapPolicy = leapPolicy };
        }
    }

    public static void Write(OccasionDetails details, OccasionMessage message)
    {
        switch (details.Day)
        {
            case FixedDay date:
                message.Date = new Date { Year = details.FirstYear ?? 0, Month = date.Month, Day = date.Day };
                message.LeapPolicy = (Types.LeapPolicy)(date.LeapPolicy + 1);
                break;
            case WeekdayOfMonth weekday:
                message.Weekday = new Types.WeekdayOfMonth
                {
                    Month = (Google.Type.Month)weekday.Month,
                    Weekday = weekday.Weekday == DayOfWeek.Sunday
                        ? Google.Type.DayOfWeek.Sunday
                        : (Google.Type.DayOfWeek)weekday.Weekday,
                    Ordinal = weekday.Ordinal,
                };
                break;
            case EasterDay easter:
                message.EasterOffsetDays = easter.OffsetDays;
                break;
            case HolidayDay holiday:
                message.Holiday = new Types.Holiday
                {
                    Feast = (Types.Holiday.Types.Feast)(holiday.Holiday + 1),
                    RegionCode = holiday.Country,
                };
                break;
            default:
                throw new InvalidOperationException($"{details.Day.GetType().Name} has no message");
        }
    }

    private static WeekdayOfMonth Read(Types.WeekdayOfMonth message, FieldChecks checks)
    {
        // Monday to Sunday are 1 to 7 there and Sunday to Saturday 0 to 6 here.
        bool isDay = (int)message.Weekday is >= 1 and <= 7;
        checks.That(isDay, "occasion.weekday.weekday", "REQUIRED", "must be a day of the week");
        return new WeekdayOfMonth
        {
            Month = (int)message.Month,
            Weekday = isDay ? (DayOfWeek)((int)message.Weekday % 7) : default,
            Ordinal = message.Ordinal,
        };
    }

    private static HolidayDay Read(Types.Holiday message, FieldChecks checks)
    {
        Holiday feast = FieldReads.Required<Holiday>("occasion.holiday.feast", (int)message.Feast, checks);
        return new HolidayDay { Holiday = feast, Country = message.RegionCode };
    }
}
