using System.Collections.Immutable;

namespace Orleans.Runtime;

/// <summary>Values that flow with calls, from caller to grain and on from there, never back.</summary>
public static class RequestContext
{
    private static readonly AsyncLocal<ImmutableDictionary<string, object>?> Flow = new();

    internal static ImmutableDictionary<string, object>? Values
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }

    /// <summary>Reads a value.</summary>
    /// <param name="key">Its name.</param>
    /// <returns>The value; null when there is none.</returns>
    public static object? Get(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Flow.Value is { } values && values.TryGetValue(key, out object? value) ? value : null;
    }

    /// <summary>Sets a value for the calls that follow.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="value">The value; it must not change any more.</param>
    public static void Set(string key, object value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        Flow.Value = (Flow.Value ?? ImmutableDictionary<string, object>.Empty).SetItem(key, value);
    }

    /// <summary>Removes a value.</summary>
    /// <param name="key">Its name.</param>
    /// <returns>Whether there was one.</returns>
    public static bool Remove(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (Flow.Value is not { } values || !values.ContainsKey(key))
        {
            return false;
        }

        Flow.Value = values.Remove(key) is { Count: > 0 } rest ? rest : null;
        return true;
    }

    /// <summary>Removes all values.</summary>
    public static void Clear()
    {
        Flow.Value = null;
    }
}
