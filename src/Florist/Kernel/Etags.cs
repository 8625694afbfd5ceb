using System.Globalization;

namespace Florist.Kernel;

/// <summary>Etags of resources: the revision in quotes (AIP-154, RFC 9110).</summary>
public static class Etags
{
    /// <summary>The etag of a revision, as <c>"7"</c>.</summary>
    public static string Of(long revision) => string.Create(CultureInfo.InvariantCulture, $"\"{revision}\"");

    /// <summary>
    /// True when a caller that sent this etag may go on: it is null (any version will do) or the present one.
    /// </summary>
    public static bool Matches(string? etag, long revision) => etag is null || etag == Of(revision);
}
