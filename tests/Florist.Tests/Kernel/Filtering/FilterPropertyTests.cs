using System.Globalization;
using System.Text.RegularExpressions;
using Florist.Kernel;
using FsCheck;
using FsCheck.Fluent;

namespace Florist.Tests.Kernel.Filtering;

/// <summary>
/// The whole chain, text to answer, against a model that shares nothing with it: the model's filters are lambdas, and
/// its texts have parentheses around everything or, at random, only where the grammar needs them.
/// </summary>
public sealed class FilterPropertyTests
{
    private const int Runs = 1_000;

    private static readonly Gen<string?> Names =
        Gen.Elements<string?>(null, "a", "ab", "aba", "b", "a*", "é", "🌹", "\"");
    private static readonly Gen<long?> Stems = Gen.Elements<long?>(null, -1, 0, 1, 2);
    private static readonly Gen<string[]> Tags = Gen.Elements<string[]>([], ["a"], ["a", "b"]);
    private static readonly Gen<DateOnly?> Days = Gen.Elements<DateOnly?>(null, new(2026, 2, 13), new(2026, 2, 14));

    private static readonly Gen<Row> Rows =
        from name in Names
        from stems in Stems
        from tags in Tags
        from day in Days
        select new Row(name, stems, tags, day);

    private static readonly Gen<Model> Comparisons = Gen.OneOf(
        from op in Gen.Elements("=", "!=", "<", "<=", ">", ">=")
        from n in Gen.Choose(-1, 2)
        select new Model(0, $"stems {op} {n}", row => Holds(op, row.Stems?.CompareTo(n))),
        from op in Gen.Elements("=", "!=", "<", ">=")
        from day in Gen.Choose(13, 14)
        select new Model(
            0, $"delivery_date{op}2026-02-{day}", row => Holds(op, row.Day?.CompareTo(new DateOnly(2026, 2, day)))),
        from op in Gen.Elements("=", "!=")
        from parts in Gen.NonEmptyListOf(Gen.Elements("a", "b", "é", "🌹", "\\*", "\\\"", "*"))
        where parts.Count(part => part == "*") <= 4
        select new Model(0, $"name{op}\"{string.Concat(parts)}\"", row => Like(row.Name, parts) == (op == "=")),
        from tag in Gen.Elements("a", "b", "c")
        select new Model(0, $"tags:{tag}", row => row.Tags.Contains(tag)),
        Gen.Constant(new Model(0, "name:*", row => row.Name is not null)),
        Gen.Constant(new Model(0, "tags : *", row => row.Tags.Length > 0)));

    private static readonly Gen<Model> Filters = Gen.Sized(size => Filter(Math.Min(size, 12)));

    [Fact]
    public void A_filter_passes_what_the_model_passes()
    {
        Prop.ForAll(Filters.ToArbitrary(), Rows.ToArbitrary(), (model, row) =>
        {
            bool matches = FilterSamples.Parse(model.Text).Matches(row.Read);
            return (matches == model.Holds(row)).Label($"{model.Text} on {row} came out {matches}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
    }

    [Fact]
    public void A_printed_filter_reads_back_as_the_same_filter()
    {
        Prop.ForAll(Filters.ToArbitrary(), model =>
        {
            FilterExpression filter = FilterSamples.Parse(model.Text);
            string printed = filter.ToFilterText();
            return filter.Equals(FilterSamples.Parse(printed)).Label($"{model.Text} was printed as {printed}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
    }

    [Fact]
    public void Any_text_at_all_is_read_or_refused_and_what_is_read_reads_back()
    {
        Gen<string> texts =
            from words in Gen.ListOf(Gen.Elements(
                "stems", "name", "tags", "address.city", "=", "!=", "<", ">=", ":", "(", ")", "AND", "OR", "NOT", "-",
                "1", "\"a\"", "'", "\\", "*", " ", " ", " ", "2026-02-14", "20s", "🌹", "\u0000", ",", "."))
            select string.Concat(words);
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            return FilterSamples.Schema.Parse(text).Failed(out _, out FilterExpression? filter)
                || filter.Equals(FilterSamples.Parse(filter.ToFilterText()));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs * 5));
    }

    private static Gen<Model> Filter(int size)
    {
        if (size <= 1)
        {
            return Comparisons;
        }

        Gen<Model> smaller = Filter(size * 2 / 3);
        return Gen.OneOf(
            Comparisons,
            from inner in smaller
            from sign in Gen.Elements("NOT ", "-")
            from extra in Gen.Elements(false, true)
            select new Model(1, sign + inner.Inside(1, extra), row => !inner.Holds(row)),
            Chain(smaller, 2, " OR ", (left, right) => left || right),
            Chain(smaller, 3, " AND ", (left, right) => left && right));
    }

    // Ranks: 0 comparison, 1 NOT, 2 OR, 3 AND; an operand of the same or a higher rank needs parentheses.
    private static Gen<Model> Chain(Gen<Model> operands, int rank, string link, Func<bool, bool, bool> combine)
    {
        return
            from left in operands
            from right in operands
            from extra in Gen.Elements(false, true)
            select new Model(
                rank,
                left.Inside(rank, extra) + link + right.Inside(rank, !extra),
                row => combine(left.Holds(row), right.Holds(row)));
    }

    private static bool Holds(string op, int? comparison) => (op, comparison) switch
    {
        ("!=", null) => true,
        (_, null) => false,
        ("=", var c) => c == 0,
        ("!=", var c) => c != 0,
        ("<", var c) => c < 0,
        ("<=", var c) => c <= 0,
        (">", var c) => c > 0,
        (">=", var c) => c >= 0,
        _ => throw new ArgumentOutOfRangeException(nameof(op)),
    };

    private static bool Like(string? held, IEnumerable<string> parts)
    {
        string pattern = string.Concat(parts.Select(part => part == "*" ? ".*" : Regex.Escape(part.TrimStart('\\'))));
        return held is not null && Regex.IsMatch(held, $"^{pattern}$", RegexOptions.Singleline);
    }

    private sealed record Row(string? Name, long? Stems, string[] Tags, DateOnly? Day)
    {
        public FilterValue? Read(FilterField field) => field.Path switch
        {
            "name" => Name is null ? null : new FilterValue.Text(Name),
            "stems" => Stems is { } stems ? new FilterValue.Integer(stems) : null,
            "tags" => new FilterValue.TextSet([.. Tags]),
            "delivery_date" => Day is { } day ? new FilterValue.Date(day) : null,
            _ => throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"no {field.Path}")),
        };
    }

    private sealed record Model(int Rank, string Text, Func<Row, bool> Holds)
    {
        public string Inside(int rank, bool extra) => Rank >= rank || extra ? $"({Text})" : Text;

        public override string ToString() => Text;
    }
}
