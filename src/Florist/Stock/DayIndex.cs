using System.Globalization;
using Florist.Kernel;

namespace Florist.Stock;

/// <summary>
/// The row by which days are read without opening them, written with every commit: the day as others see it, whose plan
/// is filled in from the settings when it has none of its own.
/// </summary>
internal static class DayIndex
{
    /// <summary>The table.</summary>
    public const string Table = "delivery_day_index";

    /// <summary>The row of a day.</summary>
    public static RowChange Row(DayBook book)
    {
        DayKey key = book.Key ?? throw new InvalidOperationException("a day is written that does not know which it is");
        DeliveryDay day = book.View(key, book.Plan ?? new DayPlan());
        return new RowChange
        {
            Table = Table,
            Key = [new("shop", key.Shop), new("day", (DateOnly?)key.Day)],
            Values = [new("body", FloristJson.Write(day))],
        };
    }
}

/// <summary>The child rows of movements.</summary>
internal static class MovementRows
{
    public const string Kind = "movement";

    /// <summary>Sorts as the numbers do.</summary>
    public static string Id(long number) => number.ToString("D12", CultureInfo.InvariantCulture);
}
