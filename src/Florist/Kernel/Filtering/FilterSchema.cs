using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;

namespace Florist.Kernel;

/// <summary>
/// The fields that the filter of one listing may name, and the limits of such a filter. The language is that of
/// AIP-160: comparisons with the field on the left, AND, OR (which binds tighter than AND), NOT and -, parentheses,
/// <c>*</c> as wildcard in the equality of texts, <c>:</c> for members of sets and <c>field:*</c> for presence.
/// Not part
/// of it are functions, terms without an operator, and terms that stand side by side without AND or OR.
/// </summary>
public sealed class FilterSchema
{
    /// <summary>The reason of a filter that does not follow the grammar.</summary>
    public const string SyntaxReason = "FILTER_SYNTAX";

    /// <summary>The reason of a filter that names a field outside the schema.</summary>
    public const string UnknownFieldReason = "FILTER_UNKNOWN_FIELD";

    /// <summary>The reason of a filter with an operator that the field's type does not have.</summary>
    public const string OperatorReason = "FILTER_OPERATOR";

    /// <summary>The reason of a filter with a literal that is not of the field's type.</summary>
    public const string ValueReason = "FILTER_VALUE";

    /// <summary>The reason of a filter above one of the limits.</summary>
    public const string LimitReason = "FILTER_LIMIT";

    private const string RequestField = "filter";

    private readonly FrozenDictionary<string, FilterField> byPath;

    /// <summary>A schema of these fields.</summary>
    /// <exception cref="ArgumentException">Two fields have the same path.</exception>
    public FilterSchema(params ImmutableArray<FilterField> fields)
    {
        Fields = fields.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        byPath = Fields.ToDictionary(field => field.Path, StringComparer.Ordinal).ToFrozenDictionary();
    }

    /// <summary>The filterable fields by path, for documentation.</summary>
    public ImmutableArray<FilterField> Fields { get; }

    /// <summary>Longest filter, in Unicode code points.</summary>
    public int LengthMax { get; init; } = 2_000;

    /// <summary>Most comparisons in one filter.</summary>
    public int TermsMax { get; init; } = 50;

    /// <summary>Most parentheses that may be open at one place.</summary>
    public int DepthMax { get; init; } = 20;

    /// <summary>Most wildcards in one literal; each costs a scan of the text it is matched with.</summary>
    public int WildcardsMax { get; init; } = 4;

    /// <summary>
    /// Reads a filter. A faulty one is <see cref="Fault.Invalid(string,string,string)"/> for the field <c>filter</c>,
    /// with the place of the first mistake, in code points from 1, in its text and as the value <c>position</c>.
    /// </summary>
    /// <param name="filter">Empty or blank holds for everything.</param>
    public Outcome<FilterExpression> Parse(string filter)
    {
        if (CanonicalText.Length(filter) > LengthMax)
        {
            return Fault.Invalid(RequestField, LimitReason, $"is longer than {LengthMax} characters")
                .With("lengthMax", LengthMax.ToString(CultureInfo.InvariantCulture));
        }

        if (!CanonicalText.TryMake(filter, out _))
        {
            return Fault.Invalid(
                RequestField, SyntaxReason, "is not well-formed Unicode, or holds control characters");
        }

        return FilterScanner.Scan(filter).Then(tokens => new FilterParser(this, tokens).Parse());
    }

    internal static Fault Mistake(int position, string reason, string text) =>
        Fault.Invalid(RequestField, reason, $"character {position}: {text}")
            .With("position", position.ToString(CultureInfo.InvariantCulture));

    internal FilterField? Find(string path) => byPath.GetValueOrDefault(path);

    internal bool IsParent(string path) =>
        Fields.Any(field => field.Path.StartsWith(path + ".", StringComparison.Ordinal));
}
