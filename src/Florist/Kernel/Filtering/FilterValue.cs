using System.Collections.Immutable;

namespace Florist.Kernel;

/// <summary>
/// A typed value: a literal of a filter, or what a field of a resource holds. The nested records are all there are.
/// </summary>
public abstract record FilterValue
{
    private FilterValue()
    {
    }

    /// <summary>A text, in Unicode normal form C.</summary>
    public sealed record Text(string Value) : FilterValue;

    /// <summary>A text with wildcards. Only as a literal, with = and !=.</summary>
    /// <param name="Segments">What stands before, between and behind the wildcards: always one more than there are
    /// wildcards, so at least two; each may be empty. <c>a*b</c> is ["a", "b"].</param>
    public sealed record Pattern(ImmutableArray<string> Segments) : FilterValue
    {
        /// <summary>Equal when the segments are.</summary>
        public bool Equals(Pattern? other) => other is not null && Segments.SequenceEqual(other.Segments);

        /// <inheritdoc/>
        public override int GetHashCode() => HashOf(Segments);
    }

    /// <summary>The members of a set. Only as what a field holds.</summary>
    public sealed record TextSet(ImmutableArray<string> Members) : FilterValue
    {
        /// <summary>Equal when the members are, in order.</summary>
        public bool Equals(TextSet? other) => other is not null && Members.SequenceEqual(other.Members);

        /// <inheritdoc/>
        public override int GetHashCode() => HashOf(Members);
    }

    /// <summary>A whole number.</summary>
    public sealed record Integer(long Value) : FilterValue;

    /// <summary>A decimal number.</summary>
    public sealed record Decimal(decimal Value) : FilterValue;

    /// <summary>An amount in minor units of the field's currency.</summary>
    public sealed record Money(long Minor) : FilterValue;

    /// <summary>A civil day.</summary>
    public sealed record Date(DateOnly Value) : FilterValue;

    /// <summary>An instant; as a literal always with offset zero.</summary>
    public sealed record Timestamp(DateTimeOffset Value) : FilterValue;

    /// <summary>A length of time.</summary>
    public sealed record Duration(TimeSpan Value) : FilterValue;

    /// <summary>Yes or no.</summary>
    public sealed record Boolean(bool Value) : FilterValue;

    /// <summary>The name of an enum value.</summary>
    public sealed record Enum(string Name) : FilterValue;

    private static int HashOf(ImmutableArray<string> texts)
    {
        HashCode hash = default;
        foreach (string text in texts)
        {
            hash.Add(text, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }
}
