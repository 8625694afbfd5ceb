using System.Collections.Concurrent;
using Florist.Kernel;

namespace Florist.Server.Auth;

/// <summary>
/// Callers whose tokens were found valid a moment ago, so that a token is checked once and not with every call. Holds
/// a bounded number: the older half goes when the younger is full.
/// </summary>
internal sealed class KnownTokens(int countMax)
{
    private ConcurrentDictionary<string, Known> young = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, Known> old = new(StringComparer.Ordinal);

    /// <summary>The caller of a token; null when it is not known or no longer valid.</summary>
    public Caller? Find(ReadOnlySpan<char> token, DateTimeOffset now) =>
        TryFind(young, token, out Known known) || TryFind(old, token, out known)
            ? now < known.Until ? known.Caller : null
            : null;

    /// <summary>Remembers the caller of a valid token until the token expires.</summary>
    public void Add(string token, Caller caller, DateTimeOffset until)
    {
        if (young.Count >= countMax / 2)
        {
            old = young;
            young = new ConcurrentDictionary<string, Known>(StringComparer.Ordinal);
        }

        young[token] = new Known(caller, until);
    }

    private static bool TryFind(
        ConcurrentDictionary<string, Known> half, ReadOnlySpan<char> token, out Known known) =>
        half.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(token, out known);

    private readonly record struct Known(Caller Caller, DateTimeOffset Until);
}
