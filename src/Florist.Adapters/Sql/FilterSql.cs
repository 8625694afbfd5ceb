using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>
/// Filters as SQL conditions, with the meaning that <see cref="FilterEvaluator"/> has: two-valued,
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
        string holds = Holds(op, comparison, column, values);
        string condition = column.Present is null ? $"({holds})" : $"({column.Present} AND {holds})";
        return isNegated ? $"NOT {condition}" : condition;
    }

    private static string Holds(
        FilterOperator op, FilterExpression.Comparison comparison, SqlColumn column, SqlValues values) =>
        comparison.Value switch
        {
            FilterValue.Pattern pattern => Like(pattern, column, values),
            FilterValue.Text member when op == FilterOperator.Has => Has(member.Value, column, values),
            FilterValue.Timestamp time => Instant(op, time.Value, column, values),
            FilterValue.Decimal number => Scaled(op, number.Value, comparison.Field.FractionDigits, column, values),
            FilterValue literal => $"{column.Name} {Symbol(op)} {values.Place(Stored(literal, column.IsFolded))}",
        };

    private static object Stored(FilterValue literal, bool isFolded) => literal switch
    {
        FilterValue.Text text => Folded(text.Value, isFolded),
        FilterValue.Integer number => number.Value,
        FilterValue.Money money => money.Minor,
        FilterValue.Date date => date.Value,
        FilterValue.Duration length => length.Value.Ticks,
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

    // Columns hold the number without its point; no row can have one that is beyond what a column holds.
    private static string Scaled(
        FilterOperator op, decimal literal, int fractionDigits, SqlColumn column, SqlValues values)
    {
        if (RowValue.OfDecimal(literal, fractionDigits) is { Number: { } scaled })
        {
            return $"{column.Name} {Symbol(op)} {values.Place(scaled)}";
        }

        bool isAbove = literal > 0;
        return op switch
        {
            FilterOperator.Less or FilterOperator.LessOrEqual => isAbove ? Always : Never,
            FilterOperator.Greater or FilterOperator.GreaterOrEqual => isAbove ? Never : Always,
            _ => Never,
        };
    }

    // A set is a text in which each member stands between separators, so that no member is found within another.
    private static string Has(string member, SqlColumn column, SqlValues values)
    {
        string place = values.Place(RowValue.OfSet([Folded(member, column.IsFolded)]));
        return values.Dialect == SqlDialect.Postgres
            ? $"strpos({column.Name}, {place}) > 0"
            : $"instr({column.Name}, {place}) > 0";
    }

    // GLOB and LIKE of a column that compares byte by byte both regard case.
    private static string Like(FilterValue.Pattern pattern, SqlColumn column, SqlValues values) =>
        values.Dialect == SqlDialect.Postgres
            ? $"{column.Name} LIKE {values.Place(Escaped(pattern, column.IsFolded, "%", "%_\\", "\\", ""))}"
            : $"{column.Name} GLOB {values.Place(Escaped(pattern, column.IsFolded, "*", "*?[", "[", "]"))}";

    private static string Symbol(FilterOperator op) => op switch
    {
        FilterOperator.Equal => "=",
        FilterOperator.Less => "<",
        FilterOperator.LessOrEqual => "<=",
        FilterOperator.Greater => ">",
        FilterOperator.GreaterOrEqual => ">=",
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "no column is compared so"),
    };

    /// <summary>A pattern with the database's wildcard, all other special characters standing for themselves.</summary>
    private static string Escaped(
        FilterValue.Pattern pattern, bool isFolded, string wildcard, string special, string before, string behind)
    {
        StringBuilder text = new();
        for (int i = 0; i < pattern.Segments.Length; i++)
        {
            text.Append(i > 0 ? wildcard : "");
            foreach (char c in Folded(pattern.Segments[i], isFolded))
            {
                _ = special.Contains(c, StringComparison.Ordinal)
                    ? text.Append(before).Append(c).Append(behind)
                    : text.Append(c);
            }
        }

        return text.ToString();
    }

    private static string Folded(string text, bool isFolded) => isFolded ? text.ToLowerInvariant() : text;
}
