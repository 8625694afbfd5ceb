using System.Globalization;
using System.Text;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>Values as columns hold them: texts, whole numbers, bytes.</summary>
internal static class SqlValue
{
    /// <summary>The column's form of a value: a string, a long, bytes, or null.</summary>
    public static object? Stored(object? value) => value switch
    {
        null or string or long or byte[] => value,
        RowValue { Text: { } text } => text,
        RowValue row => row.Number,
        int number => (long)number,
        DateTimeOffset instant => instant.ToUnixTimeMilliseconds(),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        bool flag => flag ? 1L : 0L,
        Enum named => Convert.ToInt64(named, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"a {value.GetType().Name} cannot be stored", nameof(value)),
    };

    /// <summary>Milliseconds since 1970, rounded up: a grain woken a fraction early would find nothing due.</summary>
    public static long RoundedUp(DateTimeOffset instant)
    {
        long down = instant.ToUnixTimeMilliseconds();
        return DateTimeOffset.FromUnixTimeMilliseconds(down) < instant ? down + 1 : down;
    }

    /// <summary>Which of 64 shares of the grains this one belongs to, the same on every machine (FNV-1a).</summary>
    public static int ShardOf(string grainKey)
    {
        uint hash = 2166136261;
        foreach (byte part in Encoding.UTF8.GetBytes(grainKey))
        {
            hash = (hash ^ part) * 16777619;
        }

        return (int)(hash % 64);
    }

    /// <summary>The instant that a column holds as milliseconds.</summary>
    public static DateTimeOffset Instant(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    /// <summary>The whole number in a column; null when there is none.</summary>
    public static long? Number(System.Data.Common.DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetInt64(column);
}
