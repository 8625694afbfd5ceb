using Google.Protobuf.WellKnownTypes;

namespace Florist.Kernel;

/// <summary>Values of the kernel to and from the published messages that stand for them.</summary>
public static class ProtoValues
{
    private const int NanosPerMinor = 10_000_000;

    /// <summary>The instant as a timestamp.</summary>
    public static Timestamp ToProto(this DateTimeOffset instant) => Timestamp.FromDateTimeOffset(instant);

    /// <summary>The civil day as a message.</summary>
    public static Google.Type.Date ToProto(this DateOnly day) =>
        new() { Year = day.Year, Month = day.Month, Day = day.Day };

    /// <summary>The amount as a message: whole units and nanos of the same sign.</summary>
    public static Google.Type.Money ToProto(this Money money) => new()
    {
        CurrencyCode = money.Currency,
        Units = money.Minor / 100,
        Nanos = (int)(money.Minor % 100) * NanosPerMinor,
    };

    /// <summary>Reads a full civil day; null when absent (unset, or all zero) or refused.</summary>
    public static DateOnly? ReadDay(Google.Type.Date? day, string field, FieldChecks checks)
    {
        if (day is null || (day.Year == 0 && day.Month == 0 && day.Day == 0))
        {
            return null;
        }

        if (day.Year is < 1 or > 9999 || day.Month is < 1 or > 12
            || day.Day < 1 || day.Day > DateTime.DaysInMonth(day.Year, day.Month))
        {
            checks.Add(field, "DATE_INVALID", "is not a day of the calendar with year, month and day");
            return null;
        }

        return new DateOnly(day.Year, day.Month, day.Day);
    }

    /// <summary>
    /// Reads an amount in whole minor units; null when absent or refused. The sign is left to the caller.
    /// </summary>
    public static Money? ReadMoney(Google.Type.Money? money, string field, FieldChecks checks)
    {
        if (money is null)
        {
            return null;
        }

        if (money.CurrencyCode.Length != 3 || !money.CurrencyCode.All(char.IsAsciiLetterUpper))
        {
            checks.Add($"{field}.currency_code", "CURRENCY_INVALID", "is not an ISO 4217 code, such as GBP");
            return null;
        }

        bool signsAgree = Math.Sign(money.Units) * Math.Sign(money.Nanos) >= 0;
        if (!signsAgree || money.Nanos % NanosPerMinor != 0 || Math.Abs((long)money.Nanos) > 999_999_999
            || money.Units is > 1_000_000_000_000 or < -1_000_000_000_000)
        {
            checks.Add(field, "AMOUNT_INVALID", "is not in whole minor units, with units and nanos of one sign");
            return null;
        }

        return new Money((money.Units * 100) + (money.Nanos / NanosPerMinor), money.CurrencyCode);
    }
}
