using System.Collections.Immutable;

namespace Florist.Kernel;

/// <summary>One row to put or delete in the same commit as a grain's state.</summary>
public sealed record RowChange
{
    /// <summary>The table of every grain's child rows: owner (filled in by the provider), kind, id, body.</summary>
    public const string ChildTable = "grain_row";

    /// <summary>Table name. The SQL adapter accepts only tables that it declares.</summary>
    public required string Table { get; init; }

    /// <summary>Primary key columns with their values.</summary>
    public required ImmutableArray<RowField> Key { get; init; }

    /// <summary>All other columns with their values; the default array deletes the row.</summary>
    public ImmutableArray<RowField> Values { get; init; }

    /// <summary>True when the row is to be deleted.</summary>
    public bool IsDelete => Values.IsDefault;

    /// <summary>Puts a child row of the grain that commits it. Read back through <see cref="IGrainRows"/>.</summary>
    /// <param name="kind">What the row is, as <c>purchase</c>; one word per feature and meaning.</param>
    /// <param name="id">Unique within kind; rows are read in ordinal order of it.</param>
    /// <param name="body">JSON.</param>
    public static RowChange PutChild(string kind, string id, string body) => new()
    {
        Table = ChildTable,
        Key = [new("kind", kind), new("id", id)],
        Values = [new("body", body)],
    };

    /// <summary>Deletes a child row of the grain that commits it.</summary>
    public static RowChange DeleteChild(string kind, string id) => new()
    {
        Table = ChildTable,
        Key = [new("kind", kind), new("id", id)],
    };
}

/// <summary>A column and its value.</summary>
/// <param name="Column">Column name, a lower_snake_case identifier.</param>
/// <param name="Value">Its value.</param>
public readonly record struct RowField(string Column, RowValue Value);

/// <summary>A value of a column: a text, a whole number or nothing.</summary>
public readonly record struct RowValue
{
    // A control character, which no text that is filtered by can hold.
    private const char Separator = '\u001F';

    private RowValue(string? text, long? number)
    {
        Text = text;
        Number = number;
    }

    /// <summary>The text; null for a number or nothing.</summary>
    public string? Text { get; }

    /// <summary>The number; null for a text or nothing.</summary>
    public long? Number { get; }

    /// <summary>A text, or nothing.</summary>
    public static implicit operator RowValue(string? text) => new(text, null);

    /// <summary>A number.</summary>
    public static implicit operator RowValue(long number) => new(null, number);

    /// <summary>A number, or nothing.</summary>
    public static implicit operator RowValue(long? number) => new(null, number);

    /// <summary>1 or 0.</summary>
    public static implicit operator RowValue(bool flag) => new(null, flag ? 1 : 0);

    /// <summary>A civil day as ISO 8601 text, which sorts as it should; or nothing.</summary>
    public static implicit operator RowValue(DateOnly? day) =>
        new(day?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), null);

    /// <summary>A length of time in ticks of 100 ns; or nothing.</summary>
    public static implicit operator RowValue(TimeSpan? length) => new(null, length?.Ticks);

    /// <summary>An instant as milliseconds since 1970 (UTC); or nothing.</summary>
    public static implicit operator RowValue(DateTimeOffset? instant) => new(null, instant?.ToUnixTimeMilliseconds());

    /// <summary>A set of texts, as filters look for members in it. The empty set is the empty text.</summary>
    /// <exception cref="ArgumentException">A member is empty or holds a control character.</exception>
    public static RowValue OfSet(IEnumerable<string> members)
    {
        System.Text.StringBuilder text = new();
        foreach (string member in members)
        {
            if (member.Length == 0 || member.Any(char.IsControl))
            {
                throw new ArgumentException("a member of a set is a text without control characters", nameof(members));
            }

            // Each between two separators of its own, so that whatever is looked for is looked for whole.
            text.Append(Separator).Append(member).Append(Separator);
        }

        return text.ToString();
    }

    /// <summary>An exact number without its point, so that 1.25 with three digits is 1250.</summary>
    /// <param name="number">At most so many digits behind the point; further ones are cut off.</param>
    /// <param name="fractionDigits">Digits behind the point, 0 to 18, always the same for a column.</param>
    /// <returns>The number; nothing when it is beyond what 64 bits hold.</returns>
    public static RowValue OfDecimal(decimal number, int fractionDigits)
    {
        decimal scale = 1;
        for (int i = 0; i < fractionDigits; i++)
        {
            scale *= 10;
        }

        // Compared before it is multiplied, because the product may be beyond a decimal too.
        bool fits = Math.Abs(number) <= long.MaxValue / scale;
        return fits ? new(null, decimal.ToInt64(number * scale)) : new(null, null);
    }
}
