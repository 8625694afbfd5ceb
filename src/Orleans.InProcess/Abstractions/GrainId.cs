using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>Names a grain: its type and its key. Written <c>type/key</c>.</summary>
public readonly struct GrainId : IEquatable<GrainId>, IComparable<GrainId>
{
    private const char Separator = '/';

    /// <summary>Puts type and key together.</summary>
    /// <param name="type">The type.</param>
    /// <param name="key">The key.</param>
    public GrainId(GrainType type, IdSpan key)
    {
        Type = type;
        Key = key;
    }

    /// <summary>The name given by <see cref="GrainTypeAttribute"/>.</summary>
    public GrainType Type { get; }

    /// <summary>The key.</summary>
    public IdSpan Key { get; }

    /// <summary>Whether this is the default value, which names no grain.</summary>
    public bool IsDefault => Type.IsDefault && Key.IsDefault;

    /// <summary>Whether two ids name the same grain.</summary>
    /// <param name="left">One id.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when type and key are the same.</returns>
    public static bool operator ==(GrainId left, GrainId right) => left.Equals(right);

    /// <summary>Whether two ids name different grains.</summary>
    /// <param name="left">One id.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when type or key differ.</returns>
    public static bool operator !=(GrainId left, GrainId right) => !left.Equals(right);

    /// <summary>Makes an id.</summary>
    /// <param name="type">The type; not empty and without a slash.</param>
    /// <param name="key">The key; not empty, and it may contain slashes.</param>
    /// <returns>The id.</returns>
    public static GrainId Create(string type, string key) => Create(GrainType.Create(type), key);

    /// <summary>Makes an id.</summary>
    /// <param name="type">The type.</param>
    /// <param name="key">The key; not empty, and it may contain slashes.</param>
    /// <returns>The id.</returns>
    public static GrainId Create(GrainType type, string key) => new(type, IdSpan.Create(key));

    /// <summary>Makes an id.</summary>
    /// <param name="type">The type.</param>
    /// <param name="key">The key.</param>
    /// <returns>The id.</returns>
    public static GrainId Create(GrainType type, IdSpan key) => new(type, key);

    /// <summary>Reads the form <c>type/key</c>.</summary>
    /// <param name="value">The text.</param>
    /// <returns>The id.</returns>
    /// <exception cref="ArgumentException">The text has not that form.</exception>
    public static GrainId Parse(string value) => TryParse(value, out GrainId result)
        ? result
        : throw new ArgumentException($"'{value}' is no grain id: it must be 'type/key'", nameof(value));

    /// <summary>Reads the form <c>type/key</c>.</summary>
    /// <param name="value">The text; null is not a grain id.</param>
    /// <param name="result">The id, or the default value.</param>
    /// <returns>Whether the text has that form.</returns>
    public static bool TryParse([NotNullWhen(true)] string? value, out GrainId result)
    {
        int at = value is null ? -1 : value.IndexOf(Separator, StringComparison.Ordinal);
        if (value is null || at <= 0 || at == value.Length - 1)
        {
            result = default;
            return false;
        }

        result = Create(value[..at], value[(at + 1)..]);
        return true;
    }

    /// <summary>Whether another id names the same grain.</summary>
    /// <param name="other">The other id.</param>
    /// <returns>True when type and key are the same.</returns>
    public bool Equals(GrainId other) => Key.Equals(other.Key) && Type.Equals(other.Type);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is GrainId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (Type.GetHashCode() * 397) ^ Key.GetHashCode();

    /// <summary>Orders by type, then by key, both ordinal.</summary>
    /// <param name="other">The other id.</param>
    /// <returns>Less than, equal to or more than zero.</returns>
    public int CompareTo(GrainId other)
    {
        int byType = Type.CompareTo(other.Type);
        return byType != 0 ? byType : Key.CompareTo(other.Key);
    }

    /// <summary>The form <c>type/key</c>.</summary>
    /// <returns>Text that <see cref="Parse"/> reads.</returns>
    public override string ToString() => $"{Type}{Separator}{Key}";
}
