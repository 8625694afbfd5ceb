using System.Collections.Immutable;

namespace Florist.Kernel;

/// <summary>Evaluates filters in memory, with the meaning that a filter in SQL has.</summary>
public static class FilterEvaluator
{
    /// <summary>Whether a resource passes the filter.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="read">What the resource holds in a field: null when it is absent, else a value of the field's type,
    /// for a set a <see cref="FilterValue.TextSet"/>.</param>
    /// <exception cref="InvalidOperationException">The resource's value is not of the field's type: a bug.</exception>
    public static bool Matches(this FilterExpression filter, Func<FilterField, FilterValue?> read) => filter switch
    {
        FilterExpression.Everything => true,
        FilterExpression.And all => all.Operands.All(operand => operand.Matches(read)),
        FilterExpression.Or any => any.Operands.Any(operand => operand.Matches(read)),
        FilterExpression.Not not => !not.Operand.Matches(read),
        FilterExpression.Presence presence => IsPresent(read(presence.Field)),
        FilterExpression.Comparison comparison => Holds(comparison, read(comparison.Field)),
        _ => throw new InvalidOperationException($"{filter.GetType()} is no filter"),
    };

    private static bool IsPresent(FilterValue? held) => held is not null and not FilterValue.TextSet { Members: [] };

    private static bool Holds(FilterExpression.Comparison comparison, FilterValue? held)
    {
        if (held is null)
        {
            return comparison.Operator == FilterOperator.NotEqual;
        }

        return (comparison.Operator, comparison.Value, held) switch
        {
            (FilterOperator.Has, FilterValue.Text text, FilterValue.TextSet set) => set.Members.Contains(text.Value),
            (FilterOperator.Equal, FilterValue.Pattern p, FilterValue.Text text) => Fits(text.Value, p.Segments),
            (FilterOperator.NotEqual, FilterValue.Pattern p, FilterValue.Text text) => !Fits(text.Value, p.Segments),
            (FilterOperator.Equal, FilterValue literal, _) => Compare(held, literal) == 0,
            (FilterOperator.NotEqual, FilterValue literal, _) => Compare(held, literal) != 0,
            (FilterOperator.Less, FilterValue literal, _) => Compare(held, literal) < 0,
            (FilterOperator.LessOrEqual, FilterValue literal, _) => Compare(held, literal) <= 0,
            (FilterOperator.Greater, FilterValue literal, _) => Compare(held, literal) > 0,
            (FilterOperator.GreaterOrEqual, FilterValue literal, _) => Compare(held, literal) >= 0,
            _ => throw Mismatch(held, comparison.Value),
        };
    }

    private static int Compare(FilterValue held, FilterValue literal) => (held, literal) switch
    {
        (FilterValue.Text a, FilterValue.Text b) => CompareCodePoints(a.Value, b.Value),
        (FilterValue.Integer a, FilterValue.Integer b) => a.Value.CompareTo(b.Value),
        (FilterValue.Decimal a, FilterValue.Decimal b) => a.Value.CompareTo(b.Value),
        (FilterValue.Money a, FilterValue.Money b) => a.Minor.CompareTo(b.Minor),
        (FilterValue.Date a, FilterValue.Date b) => a.Value.CompareTo(b.Value),
        (FilterValue.Timestamp a, FilterValue.Timestamp b) => a.Value.CompareTo(b.Value),
        (FilterValue.Duration a, FilterValue.Duration b) => a.Value.CompareTo(b.Value),
        (FilterValue.Boolean a, FilterValue.Boolean b) => a.Value.CompareTo(b.Value),
        (FilterValue.Enum a, FilterValue.Enum b) => string.CompareOrdinal(a.Name, b.Name),
        _ => throw Mismatch(held, literal),
    };

    /// <summary>Orders texts as their UTF-8 bytes do: the order of both databases' binary collations.</summary>
    private static int CompareCodePoints(string left, string right)
    {
        int shared = Math.Min(left.Length, right.Length);
        for (int i = 0; i < shared; i++)
        {
            (char a, char b) = (left[i], right[i]);
            if (a != b)
            {
                // Surrogates stand for code points above every single unit, yet their own numbers are below U+E000.
                bool bothOrNeither = char.IsSurrogate(a) == char.IsSurrogate(b);
                return bothOrNeither ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    private static bool Fits(string text, ImmutableArray<string> segments)
    {
        string first = segments[0];
        string last = segments[^1];
        if (text.Length < first.Length + last.Length
            || !text.StartsWith(first, StringComparison.Ordinal)
            || !text.EndsWith(last, StringComparison.Ordinal))
        {
            return false;
        }

        // Taking the earliest place for each segment in between leaves the most room for the rest.
        int end = text.Length - last.Length;
        int from = first.Length;
        foreach (string middle in segments.AsSpan()[1..^1])
        {
            int found = text.IndexOf(middle, from, end - from, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            from = found + middle.Length;
        }

        return true;
    }

    private static InvalidOperationException Mismatch(FilterValue held, FilterValue literal) =>
        new($"a field that holds {held.GetType().Name} cannot be compared with {literal.GetType().Name}");
}
