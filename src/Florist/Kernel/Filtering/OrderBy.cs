using System.Collections.Immutable;
using System.Globalization;

namespace Florist.Kernel;

/// <summary>One key of a sort.</summary>
/// <param name="Field">Path of the field.</param>
/// <param name="IsDescending">Largest first; smallest first otherwise.</param>
public sealed record OrderTerm(string Field, bool IsDescending);

/// <summary>
/// The fields that one listing may be sorted by (AIP-132): <c>create_time desc, name</c>. Blanks do not matter, without
/// <c>desc</c> the order is ascending, and an earlier field weighs more.
/// </summary>
public sealed class OrderBySchema
{
    /// <summary>Longest text, in Unicode code points.</summary>
    public const int LengthMax = 500;

    /// <summary>Most fields in one order.</summary>
    public const int FieldsMax = 5;

    /// <summary>The reason of an order that does not follow the grammar.</summary>
    public const string SyntaxReason = "ORDER_BY_SYNTAX";

    /// <summary>The reason of an order by a field that the listing cannot be sorted by.</summary>
    public const string UnknownFieldReason = "ORDER_BY_UNKNOWN_FIELD";

    /// <summary>The reason of an order that names a field twice.</summary>
    public const string RepeatedFieldReason = "ORDER_BY_REPEATED_FIELD";

    /// <summary>The reason of an order above one of the limits.</summary>
    public const string LimitReason = "ORDER_BY_LIMIT";

    private const string RequestField = "order_by";

    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>A schema of these paths.</summary>
    /// <exception cref="ArgumentException">One is no path of lower-snake-case names.</exception>
    public OrderBySchema(params ImmutableArray<string> fields)
    {
        if (fields.FirstOrDefault(field => !FilterField.IsPath(field)) is { } wrong)
        {
            throw new ArgumentException($"'{wrong}' is not a path of lower-snake-case names", nameof(fields));
        }

        Fields = fields.Sort(StringComparer.Ordinal);
    }

    /// <summary>The sortable fields, for documentation.</summary>
    public ImmutableArray<string> Fields { get; }

    /// <summary>
    /// Reads an order. A faulty one is <see cref="Fault.Invalid(string,string,string)"/> for the field <c>order_by</c>.
    /// </summary>
    /// <param name="orderBy">Empty or blank asks for no particular order and gives no terms.</param>
    public Outcome<ImmutableArray<OrderTerm>> Parse(string orderBy)
    {
        if (CanonicalText.Length(orderBy) > LengthMax)
        {
            return Limit($"is longer than {LengthMax} characters", "lengthMax", LengthMax);
        }

        if (orderBy.Trim(Blanks).Length == 0)
        {
            return ImmutableArray<OrderTerm>.Empty;
        }

        string[] parts = orderBy.Split(',');
        if (parts.Length > FieldsMax)
        {
            return Limit($"has more than {FieldsMax} fields", "fieldsMax", FieldsMax);
        }

        ImmutableArray<OrderTerm>.Builder terms = ImmutableArray.CreateBuilder<OrderTerm>(parts.Length);
        foreach (string part in parts)
        {
            if (Term(part, terms.Count + 1).Failed(out Fault? fault, out OrderTerm? term))
            {
                return fault;
            }

            if (terms.Any(earlier => earlier.Field == term.Field))
            {
                return Fault.Invalid(RequestField, RepeatedFieldReason, $"{term.Field} is named twice")
                    .With("field", term.Field);
            }

            terms.Add(term);
        }

        return terms.MoveToImmutable();
    }

    private Outcome<OrderTerm> Term(string part, int number)
    {
        string[] words = part.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
        if (words is not ([_] or [_, "desc"]))
        {
            return Mistake(SyntaxReason, $"term {number} is not a field, or a field and desc", number);
        }

        if (!Fields.Contains(words[0]))
        {
            string fields = string.Join(", ", Fields);
            return Mistake(UnknownFieldReason, $"term {number} is no sortable field; there are {fields}", number)
                .With("fields", fields);
        }

        return new OrderTerm(words[0], words.Length == 2);
    }

    private static Fault Mistake(string reason, string text, int number) =>
        Fault.Invalid(RequestField, reason, text).With("term", number.ToString(CultureInfo.InvariantCulture));

    private static Fault Limit(string text, string key, int limit) =>
        Fault.Invalid(RequestField, LimitReason, text).With(key, limit.ToString(CultureInfo.InvariantCulture));
}
