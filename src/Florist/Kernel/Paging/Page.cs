using System.Collections.Immutable;

namespace Florist.Kernel;

/// <summary>One page of a listing.</summary>
/// <param name="Items">The items, in order; may be fewer than asked for.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
public sealed record Page<T>(ImmutableArray<T> Items, string? Next);

/// <summary>
/// Where and how long a page is, from the request's <c>page_size</c> and <c>page_token</c> (AIP-158).
/// </summary>
/// <param name="Size">At most so many items.</param>
/// <param name="After">Continue behind this key; null begins at the start.</param>
public sealed record PageRequest(int Size, string? After)
{
    /// <summary>Items of a page when the caller names no number.</summary>
    public const int SizeDefault = 50;

    /// <summary>A larger number is taken as this one.</summary>
    public const int SizeMax = 1000;

    private const string Purpose = "page";

    /// <summary>Reads the two fields. The token must be one made for the same listing and arguments.</summary>
    /// <param name="size">0 means <see cref="SizeDefault"/>; negative is a fault.</param>
    /// <param name="token">Empty for the first page.</param>
    /// <param name="arguments">All other arguments of the listing, as one text; a token is bound to them.</param>
    /// <param name="seal">Opens the token.</param>
    public static Outcome<PageRequest> Read(int size, string token, string arguments, ISeal seal)
    {
        if (size < 0)
        {
            return Fault.Invalid("page_size", "NEGATIVE", "must not be negative");
        }

        int items = size == 0 ? SizeDefault : Math.Min(size, SizeMax);
        if (token.Length == 0)
        {
            return new PageRequest(items, null);
        }

        string prefix = arguments + "\u001F";
        return seal.TryOpen(Purpose, token, out string? opened) && opened.StartsWith(prefix, StringComparison.Ordinal)
            ? new PageRequest(items, opened[prefix.Length..])
            : Fault.Invalid("page_token", "PAGE_TOKEN_INVALID", "is not a token of this listing with these arguments");
    }

    /// <summary>The token of the next page; empty at the end.</summary>
    public static string Token(string? next, string arguments, ISeal seal) =>
        next is null ? "" : seal.Seal(Purpose, arguments + "\u001F" + next);
}
