using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Florist.Kernel;

/// <summary>Writes filters in one canonical form, so that a page token fits each spelling of a filter.</summary>
public static class FilterPrinter
{
    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    /// <summary>A text that reads back as an equal filter; empty for the filter that holds for everything.</summary>
    public static string ToFilterText(this FilterExpression filter) => filter switch
    {
        FilterExpression.Everything => "",
        FilterExpression.And all => Join(" AND ", all.Operands, operand => operand is FilterExpression.And),
        FilterExpression.Or any => Join(" OR ", any.Operands, IsChain),
        FilterExpression.Not not => "NOT " + Part(not.Operand, IsCompound(not.Operand)),
        FilterExpression.Presence presence => presence.Field.Path + ":*",
        FilterExpression.Comparison comparison => Comparison(comparison),
        _ => throw new InvalidOperationException($"{filter.GetType()} is no filter"),
    };

    private static bool IsChain(FilterExpression filter) => filter is FilterExpression.And or FilterExpression.Or;

    private static bool IsCompound(FilterExpression filter) => IsChain(filter) || filter is FilterExpression.Not;

    private static string Join(
        string link, ImmutableArray<FilterExpression> operands, Predicate<FilterExpression> needsParentheses)
    {
        return string.Join(link, operands.Select(operand => Part(operand, needsParentheses(operand))));
    }

    private static string Part(FilterExpression filter, bool inParentheses) =>
        inParentheses ? $"({filter.ToFilterText()})" : filter.ToFilterText();

    private static string Comparison(FilterExpression.Comparison comparison)
    {
        string symbol = FilterOperators.Symbol(comparison.Operator);
        string spaced = comparison.Operator == FilterOperator.Has ? symbol : $" {symbol} ";
        return comparison.Field.Path + spaced + Literal(comparison.Field, comparison.Value);
    }

    private static string Literal(FilterField field, FilterValue value) => value switch
    {
        FilterValue.Text text => Quoted([text.Value]),
        FilterValue.Pattern pattern => Quoted(pattern.Segments),
        FilterValue.Integer number => number.Value.ToString(CultureInfo.InvariantCulture),
        FilterValue.Decimal number => Plain(number.Value),
        FilterValue.Money money => Plain(Main(money.Minor, field.FractionDigits)),
        FilterValue.Date date => date.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        FilterValue.Timestamp time => time.Value.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture),
        FilterValue.Duration duration => Plain((decimal)duration.Value.Ticks / TimeSpan.TicksPerSecond) + "s",
        FilterValue.Boolean boolean => boolean.Value ? "true" : "false",
        FilterValue.Enum name => name.Name,
        _ => throw new InvalidOperationException($"{value.GetType()} is no literal"),
    };

    private static decimal Main(long minor, int fractionDigits)
    {
        decimal main = minor;
        for (int digit = 0; digit < fractionDigits; digit++)
        {
            main /= 10;
        }

        return main;
    }

    private static string Plain(decimal number) =>
        number.ToString("0.############################", CultureInfo.InvariantCulture);

    private static string Quoted(ImmutableArray<string> segments)
    {
        StringBuilder text = new("\"");
        for (int i = 0; i < segments.Length; i++)
        {
            text.Append(i > 0 ? "*" : "");
            foreach (char c in segments[i])
            {
                _ = c switch
                {
                    '\n' => text.Append("\\n"),
                    '\t' => text.Append("\\t"),
                    '"' or '\\' or '*' => text.Append('\\').Append(c),
                    _ => text.Append(c),
                };
            }
        }

        return text.Append('"').ToString();
    }
}
