using System.Globalization;
using System.Runtime.CompilerServices;
using Florist.Kernel;

namespace Florist.Imports;

/// <summary>
/// Reads the CDNOW file of purchases: one a line, with customer number, day as <c>yyyymmdd</c>, units and dollars,
/// apart by blanks, with or without a line of headings. Lines are read one by one, so a file may be larger than the
/// memory.
/// </summary>
public static class CdnowReader
{
    /// <summary>The source's name in the keys of purchases, and the first part of its customers' ids.</summary>
    public const string Source = "cdnow";

    /// <summary>CLDR code of the country that its customers are taken to live in.</summary>
    public const string Country = "US";

    private const string Currency = "USD";
    private const int ColumnCount = 4;
    private const int CustomerNumberMax = 999_999_999;
    private const int UnitsMax = 1_000_000;
    private const decimal DollarsMax = 10_000_000m;
    private static readonly DateOnly DayMin = new(1900, 1, 1);

    /// <summary>
    /// The lines in order; blank ones and the headings are left out. A purchase's ordinal counts the lines of its
    /// customer, faulty ones too, so that a line that is put right later gets the number it would have had.
    /// </summary>
    /// <param name="text">The file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async IAsyncEnumerable<ImportLine> Read(
        TextReader text, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Dictionary<int, int> ordinals = [];
        int number = 0;
        while (await text.ReadLineAsync(cancellationToken) is { } line)
        {
            number++;
            string[] columns = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            bool isHeading = number == 1 && columns.Length > 0 && char.IsAsciiLetter(columns[0][0]);
            if (columns.Length > 0 && !isHeading)
            {
                yield return Read(number, columns, ordinals);
            }
        }
    }

    private static ImportLine Read(int number, string[] columns, Dictionary<int, int> ordinals)
    {
        if (Whole(columns[0], CustomerNumberMax) is not { } customer || customer == 0)
        {
            return Faulty(number, "the first column is not a customer number");
        }

        int ordinal = ordinals.GetValueOrDefault(customer) + 1;
        ordinals[customer] = ordinal;
        if (columns.Length != ColumnCount)
        {
            return Faulty(number, $"there are {columns.Length} columns instead of {ColumnCount}");
        }

        if (Day(columns[1]) is not { } day)
        {
            return Faulty(number, "the second column is not a day as yyyymmdd, from 1900 on");
        }

        if (Whole(columns[2], UnitsMax) is not { } units || units == 0)
        {
            return Faulty(number, $"the third column is not a number of units from 1 to {UnitsMax}");
        }

        if (Cents(columns[3]) is not { } cents)
        {
            return Faulty(number, $"the fourth column is not dollars from 0 to {DollarsMax:0} with two decimals");
        }

        string id = string.Create(CultureInfo.InvariantCulture, $"{Source}-{customer:D5}");
        return new ImportLine(number, new SourcePurchase(id, ordinal, day, units, new Money(cents, Currency)), null);
    }

    private static ImportLine Faulty(int number, string mistake) => new(number, null, mistake);

    private static int? Whole(string text, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= max
            ? number
            : null;

    private static DateOnly? Day(string text) =>
        DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            && day >= DayMin
            ? day
            : null;

    // Thousandths are refused rather than rounded: a file that has them is not this file.
    private static long? Cents(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal dollars)
            && dollars <= DollarsMax && decimal.Truncate(dollars * 100) == dollars * 100
            ? (long)(dollars * 100)
            : null;
}

/// <summary>A line of an imported file: a purchase, or what is wrong with it.</summary>
/// <param name="Number">Its place in the file, from 1.</param>
/// <param name="Purchase">What it says; null when it is faulty.</param>
/// <param name="Mistake">What is wrong, without quoting the line; null when nothing is.</param>
public sealed record ImportLine(int Number, SourcePurchase? Purchase, string? Mistake);

/// <summary>A purchase as the other system knows it.</summary>
/// <param name="Customer">The customer's id here.</param>
/// <param name="Ordinal">Its number among the customer's purchases, from 1.</param>
/// <param name="Day">Civil day.</param>
/// <param name="Units">Pieces; at least 1.</param>
/// <param name="Amount">What was paid; not negative.</param>
public sealed record SourcePurchase(string Customer, int Ordinal, DateOnly Day, int Units, Money Amount);
