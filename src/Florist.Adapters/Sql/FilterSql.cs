using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>
/// Filters as SQL conditions of SQLite, with the meaning that <see cref="FilterEvaluator"/> has: two-valued,
/// comparisons with an absent field false but for <c>!=</c>. What a caller wrote is always a value, never a part of the
/// statement.
/// </summary>
internal static class FilterSql
{
    private const string Always = "1 = 1";
    private const string Never = "1 = 0";

    /// <summary>The condition of a filter.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="columns">Every field that the filter's schema has, by path.</param>
    /// <param name="values">Gains the literals.</param>
    public static string Condition(
        FilterExpression filter, FrozenDictionary<string, SqlColumn> columns, SqlValues values) => filter switch
        {
            FilterExpression.Everything => Always,
            FilterExpression.And all => Join(" AND ", all.Operands, columns, values),
            FilterExpression.Or any => Join(" OR ", any.Operands, columns, values),
            FilterExpression.Not not => $"NOT ({Condition(not.Operand, columns, values)})",
            FilterExpression.Presence presence => columns[presence.Field.Path].Present ?? Always,
            FilterExpression.Comparison comparison => Compared(comparison, columns[comparison.Field.Path], values),
            _ => throw new InvalidOperationException($"{filter.GetType()} is no filter"),
        };

    private static string Join(
        string link,
        ImmutableArray<FilterExpression> operands,
        FrozenDictionary<string, SqlColumn> columns,
        SqlValues values) =>
        "(" + string.Join(link, operands.Select(operand => Condition(operand, columns, values))) + ")";

    private static string Compared(FilterExpression.Comparison comparison, SqlColumn column, SqlValues values)
    {
        bool isNegated = comparison.Operator == FilterOperator.NotEqual;
        FilterOperator op = isNegated ? FilterOperator.Equal : comparison.Operator;
        string holds = Holds(op, comparison.Value, column, values);
        string condition = column.Present is null ? $"({holds})" : $"({column.Present} AND {holds})";
        return isNegated ? $"NOT {condition}" : condition;
    }

    private static string Holds(FilterOperator op, FilterValue literal, SqlColumn column, SqlValues values) =>
        literal switch
        {
            FilterValue.Pattern pattern => $"{column.Name} GLOB {values.Place(Glob(pattern, column.IsFolded))}",
            FilterValue.Timestamp time => Instant(op, time.Value, column, values),
            _ => $"{column.Name} {Symbol(op)} {values.Place(Stored(literal, column.IsFolded))}",
        };

    private static object Stored(FilterValue literal, bool isFolded) => literal switch
    {
        FilterValue.Text text => Folded(text.Value, isFolded),
        FilterValue.Integer number => number.Value,
        FilterValue.Money money => money.Minor,
        FilterValue.Date date => date.Value,
        FilterValue.Boolean flag => flag.Value,
        FilterValue.Enum name => name.Name,
        _ => throw new InvalidOperationException($"no column holds a {literal.GetType().Name}"),
    };

    // Columns hold whole milliseconds; a literal between two of them equals none and is compared with its neighbour.
    private static string Instant(FilterOperator op, DateTimeOffset literal, SqlColumn column, SqlValues values)
    {
        long below = literal.ToUnixTimeMilliseconds();
        bool isBetween = literal.Ticks % TimeSpan.TicksPerMillisecond != 0;
        return (op, isBetween) switch
        {
            (FilterOperator.Equal, true) => Never,
            (FilterOperator.Less, true) => $"{column.Name} <= {values.Place(below)}",
            (FilterOperator.GreaterOrEqual, true) => $"{column.Name} > {values.Place(below)}",
            _ => $"{column.Name} {Symbol(op)} {values.Place(below)}",
        };
    }

    private static string Symbol(FilterOperator op) => op switch
    {
        FilterOperator.Equal => "=",
        FilterOperator.Less => "<",
        FilterOperator.LessOrEqual => "<=",
        FilterOperator.Greater => ">",
        FilterOperator.GreaterOrEqual => ">=",
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "no column is compared so"),
    };

    private static string Glob(FilterValue.Pattern pattern, bool isFolded)
    {
        StringBuilder glob = new();
        for (int i = 0; i < pattern.Segments.Length; i++)
        {
            glob.Append(i > 0 ? "*" : "");
            foreach (char c in Folded(pattern.Segments[i], isFolded))
            {
                // A character in brackets stands for itself.
                _ = c is '*' or '?' or '[' ? glob.Append(CultureInfo.InvariantCulture, $"[{c}]") : glob.Append(c);
            }
        }

        return glob.ToString();
    }

    private static string Folded(string text, bool isFolded) => isFolded ? text.ToLowerInvariant() : text;
}
