using System.Globalization;

namespace Grpc.Kestrel.Wire;

/// <summary>The field <c>grpc-timeout</c>: one to eight digits and a unit.</summary>
internal static class TimeoutField
{
    private const int DigitsMax = 8;
    private const long ValueMax = 99_999_999;

    // From the finest unit to the coarsest; a nanosecond is less than a tick and is treated apart.
    private static readonly (char Unit, long Ticks)[] Units =
    [
        ('u', TimeSpan.TicksPerMicrosecond),
        ('m', TimeSpan.TicksPerMillisecond),
        ('S', TimeSpan.TicksPerSecond),
        ('M', TimeSpan.TicksPerMinute),
        ('H', TimeSpan.TicksPerHour),
    ];

    /// <summary>Reads the field.</summary>
    /// <returns>False when it is malformed.</returns>
    public static bool TryParse(ReadOnlySpan<char> field, out TimeSpan timeout)
    {
        timeout = default;
        if (field.Length is < 2 or > DigitsMax + 1)
        {
            return false;
        }

        long value = 0;
        foreach (char digit in field[..^1])
        {
            if (!char.IsAsciiDigit(digit))
            {
                return false;
            }

            value = (value * 10) + (digit - '0');
        }

        if (field[^1] == 'n')
        {
            timeout = TimeSpan.FromTicks(value / TimeSpan.NanosecondsPerTick);
            return true;
        }

        foreach ((char unit, long ticks) in Units)
        {
            if (field[^1] == unit)
            {
                timeout = TimeSpan.FromTicks(value * ticks);
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes the field in the finest unit that has room, rounded up; never zero.</summary>
    public static string Format(TimeSpan timeout)
    {
        long ticks = Math.Max(timeout.Ticks, 1);
        if (ticks <= ValueMax / TimeSpan.NanosecondsPerTick)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{ticks * TimeSpan.NanosecondsPerTick}n");
        }

        foreach ((char unit, long ticksPerUnit) in Units)
        {
            long value = (ticks / ticksPerUnit) + (ticks % ticksPerUnit == 0 ? 0 : 1);
            if (value <= ValueMax)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{value}{unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{ValueMax}H");
    }
}
