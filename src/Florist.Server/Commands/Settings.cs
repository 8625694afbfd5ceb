namespace Florist.Server.Commands;

/// <summary>Settings given on the command line, as <c>--Section:Key=value</c>.</summary>
internal static class Settings
{
    /// <summary>The first argument that is no such setting; null when all are.</summary>
    public static string? Unknown(IReadOnlyList<string> tokens) =>
        tokens.FirstOrDefault(token => !token.StartsWith("--", StringComparison.Ordinal)
            || !token.Contains(':', StringComparison.Ordinal)
            || token.IndexOf('=', StringComparison.Ordinal) < token.IndexOf(':', StringComparison.Ordinal));
}
