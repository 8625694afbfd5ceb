using System.Globalization;

namespace Florist.Kernel;

/// <summary>Checks one comparison against the schema and gives its literal the field's type.</summary>
/// <remarks>
/// A mistake's text never repeats the caller's words: they may be somebody's name, and faults are logged.
/// </remarks>
internal static class FilterBinding
{
    public static Outcome<FilterExpression> Bind(
        FilterSchema schema, FilterToken name, FilterToken op, FilterToken literal)
    {
        if (schema.Find(name.Plain ?? "") is not { } field)
        {
            return Unknown(schema, name);
        }

        if (op.Operator == FilterOperator.Has && literal.IsStar)
        {
            return new FilterExpression.Presence(field);
        }

        if (!FilterOperators.Suits(field.Type, op.Operator))
        {
            string suiting = FilterOperators.Suiting(field.Type);
            string text = $"{field.Path} can be used with {suiting}";
            return FilterSchema.Mistake(op.Position, FilterSchema.OperatorReason, text)
                .With("field", field.Path)
                .With("operators", suiting);
        }

        Outcome<FilterValue> read = field.Type is FilterFieldType.Text or FilterFieldType.TextSet
            ? Text(schema, field, op, literal)
            : Typed(field, literal);
        if (read.Failed(out Fault? fault, out FilterValue? value))
        {
            return fault;
        }

        return new FilterExpression.Comparison(field, op.Operator, value);
    }

    private static Fault Unknown(FilterSchema schema, FilterToken name)
    {
        if (schema.IsParent(name.Plain ?? ""))
        {
            string text = "this has fields and no value of its own; name one of them";
            return FilterSchema.Mistake(name.Position, FilterSchema.UnknownFieldReason, text);
        }

        string fields = string.Join(", ", schema.Fields.Select(field => field.Path));
        return FilterSchema.Mistake(
            name.Position, FilterSchema.UnknownFieldReason, $"this is no filterable field; there are {fields}")
            .With("fields", fields);
    }

    private static Outcome<FilterValue> Text(
        FilterSchema schema, FilterField field, FilterToken op, FilterToken literal)
    {
        if (literal.Plain is { } plain)
        {
            return plain.Length > 0
                ? new FilterValue.Text(plain)
                : Mistake(field, literal, $"an empty text is no value; write NOT {field.Path}:* for an absent one");
        }

        if (op.Operator is not (FilterOperator.Equal or FilterOperator.NotEqual))
        {
            return Mistake(field, literal, "a wildcard goes with = and != only; inside quotes \\* is the character");
        }

        if (literal.Segments.Length - 1 > schema.WildcardsMax)
        {
            return FilterSchema.Mistake(
                literal.Position, FilterSchema.LimitReason, $"there are more than {schema.WildcardsMax} wildcards")
                .With("wildcardsMax", schema.WildcardsMax.ToString(CultureInfo.InvariantCulture));
        }

        return new FilterValue.Pattern(literal.Segments);
    }

    private static Outcome<FilterValue> Typed(FilterField field, FilterToken literal)
    {
        bool mayBeQuoted = field.Type
            is FilterFieldType.Date or FilterFieldType.Timestamp or FilterFieldType.Duration or FilterFieldType.Enum;
        bool isSpelledRight = literal.Kind == FilterTokenKind.Text || mayBeQuoted;
        FilterValue? value = isSpelledRight && literal.Plain is { } text ? FilterLiterals.Read(field, text) : null;
        if (value is not null)
        {
            return value;
        }

        string expected = FilterLiterals.Describe(field);
        return Mistake(field, literal, $"{field.Path} takes {expected}").With("expected", expected);
    }

    private static Fault Mistake(FilterField field, FilterToken literal, string text) =>
        FilterSchema.Mistake(literal.Position, FilterSchema.ValueReason, text).With("field", field.Path);
}
