using System.Globalization;
using System.Text;
using Florist.Kernel;

namespace Florist.Messaging;

/// <summary>
/// Dates, times, amounts and plurals as they are written in a language. Our own and small: the machine's culture data
/// change with its updates, and a text that was sent must be made the same way when it is asked about.
/// </summary>
public abstract class LanguageFormat
{
    /// <summary>English as written in Britain; also what languages without texts of their own read.</summary>
    public static readonly LanguageFormat English = new EnglishFormat();

    /// <summary>German.</summary>
    public static readonly LanguageFormat German = new GermanFormat();

    /// <summary>The language's code, as the folder of its templates is called.</summary>
    public abstract string Code { get; }

    /// <summary>The languages that there are texts in.</summary>
    public static IEnumerable<LanguageFormat> All => [English, German];

    /// <summary>The language for a BCP-47 tag.</summary>
    public static LanguageFormat For(string languageCode)
    {
        int end = languageCode.IndexOfAny(['-', '_']);
        ReadOnlySpan<char> language = end < 0 ? languageCode : languageCode.AsSpan(0, end);
        return language.Equals("de", StringComparison.OrdinalIgnoreCase) ? German : English;
    }

    /// <summary>A day with its weekday, as <c>Friday 14 February 2025</c>.</summary>
    public abstract string LongDay(DateOnly day);

    /// <summary>A day for a text message, as <c>Fri 14 Feb</c>.</summary>
    public abstract string ShortDay(DateOnly day);

    /// <summary>A time of day, as <c>14:30</c>.</summary>
    public abstract string Time(TimeOnly time);

    /// <summary>A span of a day, as <c>between 9:00 and 13:00</c>.</summary>
    public abstract string Between(TimeOnly from, TimeOnly until);

    /// <summary>A span of a day for a text message, as <c>9:00-13:00</c>.</summary>
    public static string Span(TimeOnly from, TimeOnly until) => $"{ShortTime(from)}-{ShortTime(until)}";

    /// <summary>A time without the word that may follow it.</summary>
    public static string ShortTime(TimeOnly time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.Hour}:{time.Minute:00}");

    /// <summary>An amount with its currency, as <c>£34.50</c>.</summary>
    public abstract string Amount(Money money);

    /// <summary>A number in a sequence, as <c>60th</c>.</summary>
    public abstract string Ordinal(int number);

    /// <summary>Words one after the other, as <c>roses, tulips and irises</c>.</summary>
    public abstract string List(IReadOnlyList<string> words);

    /// <summary>
    /// Which of the two forms goes with a number. Both languages have two: for one, and for any other.
    /// </summary>
    public static string Plural(int count, string one, string other) => count == 1 ? one : other;

    /// <summary>The digits of an amount, with a mark between thousands and one before the minor unit.</summary>
    protected static string Digits(Money money, char group, char point)
    {
        // Not Math.Abs: the smallest number has no positive counterpart.
        ulong minor = money.Minor < 0 ? (ulong)-(money.Minor + 1) + 1 : (ulong)money.Minor;
        string whole = (minor / 100).ToString(CultureInfo.InvariantCulture);
        StringBuilder text = new(money.Minor < 0 ? "-" : "");
        for (int i = 0; i < whole.Length; i++)
        {
            text.Append(whole[i]);
            int left = whole.Length - 1 - i;
            if (left > 0 && left % 3 == 0)
            {
                text.Append(group);
            }
        }

        return text.Append(point).Append((minor % 100).ToString("00", CultureInfo.InvariantCulture)).ToString();
    }

    /// <summary>Words with commas between them, and a word before the last.</summary>
    protected static string Joined(IReadOnlyList<string> words, string last) => words.Count switch
    {
        0 => "",
        1 => words[0],
        _ => $"{string.Join(", ", words.Take(words.Count - 1))}{last}{words[^1]}",
    };

    private sealed class EnglishFormat : LanguageFormat
    {
        private static readonly string[] Weekdays =
            ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

        private static readonly string[] Months =
        [
            "January", "February", "March", "April", "May", "June",
            "July", "August", "September", "October", "November", "December",
        ];

        public override string Code => "en";

        public override string LongDay(DateOnly day) => string.Create(
            CultureInfo.InvariantCulture,
            $"{Weekdays[(int)day.DayOfWeek]} {day.Day} {Months[day.Month - 1]} {day.Year}");

        public override string ShortDay(DateOnly day) => string.Create(
            CultureInfo.InvariantCulture,
            $"{Weekdays[(int)day.DayOfWeek][..3]} {day.Day} {Months[day.Month - 1][..3]}");

        public override string Time(TimeOnly time) => ShortTime(time);

        public override string Between(TimeOnly from, TimeOnly until) =>
            $"between {ShortTime(from)} and {ShortTime(until)}";

        public override string Amount(Money money)
        {
            string digits = Digits(money, ',', '.');
            string sign = digits.StartsWith('-') ? "-" : "";
            return money.Currency switch
            {
                "GBP" => $"{sign}£{digits[sign.Length..]}",
                "EUR" => $"{sign}€{digits[sign.Length..]}",
                "USD" => $"{sign}${digits[sign.Length..]}",
                _ => $"{digits}\u00A0{money.Currency}",
            };
        }

        public override string Ordinal(int number)
        {
            string suffix = (Math.Abs(number) % 100, Math.Abs(number) % 10) switch
            {
                (11 or 12 or 13, _) => "th",
                (_, 1) => "st",
                (_, 2) => "nd",
                (_, 3) => "rd",
                _ => "th",
            };
            return string.Create(CultureInfo.InvariantCulture, $"{number}{suffix}");
        }

        public override string List(IReadOnlyList<string> words) => Joined(words, " and ");
    }

    private sealed class GermanFormat : LanguageFormat
    {
        private static readonly string[] Weekdays =
            ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"];

        private static readonly string[] Months =
        [
            "Januar", "Februar", "März", "April", "Mai", "Juni",
            "Juli", "August", "September", "Oktober", "November", "Dezember",
        ];

        public override string Code => "de";

        public override string LongDay(DateOnly day) => string.Create(
            CultureInfo.InvariantCulture,
            $"{Weekdays[(int)day.DayOfWeek]}, {day.Day}. {Months[day.Month - 1]} {day.Year}");

        public override string ShortDay(DateOnly day) => string.Create(
            CultureInfo.InvariantCulture,
            $"{Weekdays[(int)day.DayOfWeek][..2]} {day.Day}.{day.Month}.");

        public override string Time(TimeOnly time) => $"{ShortTime(time)} Uhr";

        public override string Between(TimeOnly from, TimeOnly until) =>
            $"zwischen {ShortTime(from)} und {ShortTime(until)} Uhr";

        public override string Amount(Money money)
        {
            string symbol = money.Currency switch
            {
                "GBP" => "£",
                "EUR" => "€",
                "USD" => "$",
                _ => money.Currency,
            };
            return $"{Digits(money, '.', ',')}\u00A0{symbol}";
        }

        public override string Ordinal(int number) =>
            string.Create(CultureInfo.InvariantCulture, $"{number}.");

        public override string List(IReadOnlyList<string> words) => Joined(words, " und ");
    }
}
