using System.Globalization;
using Florist.Kernel;

namespace Florist.Stock;

/// <summary>Reads and writes the resource names of this feature.</summary>
internal static class StockNames
{
    private const int IdLengthMax = 63;

    /// <summary>True for a day that a shop can have: the ends of the calendar are for nobody.</summary>
    public static bool IsDay(DateOnly day) => day.Year is >= 2000 and <= 2999;

    /// <summary>The day of a name <c>shops/{shop}/days/{day}</c>.</summary>
    public static Outcome<DayKey> Day(string name, string field) =>
        DayKey.Named(name) is { } key && IsId(key.Shop) && IsDay(key.Day)
        ? key
        : Fault.Invalid(field, "NAME_INVALID", "is not a name of the form shops/{shop}/days/{day}");

    /// <summary>The name of a movement.</summary>
    public static string Movement(DayKey day, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{day.Name}/movements/{number}");

    /// <summary>True for what can be the id of a shop or slot.</summary>
    public static bool IsId(string id) =>
        id.Length is > 0 and <= IdLengthMax && char.IsAsciiLetterLower(id[0]) && id[^1] != '-'
        && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
