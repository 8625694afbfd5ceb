namespace Orleans.Runtime;

/// <summary>The name of a kind of grain, given by <see cref="GrainTypeAttribute"/>.</summary>
public readonly struct GrainType : IEquatable<GrainType>, IComparable<GrainType>
{
    /// <summary>Makes a type of a name.</summary>
    /// <param name="id">The name.</param>
    public GrainType(IdSpan id)
    {
        Value = id;
    }

    /// <summary>The name.</summary>
    public IdSpan Value { get; }

    /// <summary>Whether this is the default value, which names no type.</summary>
    public bool IsDefault => Value.IsDefault;

    /// <summary>Whether two types are the same.</summary>
    /// <param name="left">One type.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when the names are the same, ordinal.</returns>
    public static bool operator ==(GrainType left, GrainType right) => left.Equals(right);

    /// <summary>Whether two types differ.</summary>
    /// <param name="left">One type.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when the names differ, ordinal.</returns>
    public static bool operator !=(GrainType left, GrainType right) => !left.Equals(right);

    /// <summary>Makes a type of a name.</summary>
    /// <param name="value">The name; not empty and without a slash.</param>
    /// <returns>The type.</returns>
    public static GrainType Create(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        if (value.Contains('/', StringComparison.Ordinal))
        {
            throw new ArgumentException($"the grain type '{value}' contains a slash", nameof(value));
        }

        return new GrainType(IdSpan.Create(value));
    }

    /// <summary>Whether another type is the same.</summary>
    /// <param name="obj">The other type.</param>
    /// <returns>True when the names are the same, ordinal.</returns>
    public bool Equals(GrainType obj) => Value.Equals(obj.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is GrainType other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>Orders by name, ordinal.</summary>
    /// <param name="other">The other type.</param>
    /// <returns>Less than, equal to or more than zero.</returns>
    public int CompareTo(GrainType other) => Value.CompareTo(other.Value);

    /// <summary>The name.</summary>
    /// <returns>The text it was made of; empty for the default value.</returns>
    public override string ToString() => Value.ToString();
}
