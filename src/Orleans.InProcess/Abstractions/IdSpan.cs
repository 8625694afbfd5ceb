namespace Orleans.Runtime;

/// <summary>
/// A part of a grain's identity: text that is compared ordinally and whose hash code is computed once.
/// </summary>
public readonly struct IdSpan : IEquatable<IdSpan>, IComparable<IdSpan>
{
    private readonly string? text;
    private readonly int hashCode;

    private IdSpan(string text)
    {
        this.text = text;
        hashCode = string.GetHashCode(text, StringComparison.Ordinal);
    }

    /// <summary>Whether this is the default value.</summary>
    public bool IsDefault => text is null;

    /// <summary>Whether two parts are the same.</summary>
    /// <param name="left">One part.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when the texts are the same, ordinal.</returns>
    public static bool operator ==(IdSpan left, IdSpan right) => left.Equals(right);

    /// <summary>Whether two parts differ.</summary>
    /// <param name="left">One part.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when the texts differ, ordinal.</returns>
    public static bool operator !=(IdSpan left, IdSpan right) => !left.Equals(right);

    /// <summary>Makes a part of a text.</summary>
    /// <param name="id">The text; not empty.</param>
    /// <returns>The part.</returns>
    public static IdSpan Create(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return new IdSpan(id);
    }

    /// <summary>Whether another part is the same.</summary>
    /// <param name="obj">The other part.</param>
    /// <returns>True when the texts are the same, ordinal.</returns>
    public bool Equals(IdSpan obj) =>
        hashCode == obj.hashCode && string.Equals(text, obj.text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IdSpan other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => hashCode;

    /// <summary>Orders by text, ordinal.</summary>
    /// <param name="other">The other part.</param>
    /// <returns>Less than, equal to or more than zero.</returns>
    public int CompareTo(IdSpan other) => string.CompareOrdinal(text, other.text);

    /// <summary>The text.</summary>
    /// <returns>The text it was made of; empty for the default value.</returns>
    public override string ToString() => text ?? string.Empty;
}
