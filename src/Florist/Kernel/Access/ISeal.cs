using System.Diagnostics.CodeAnalysis;

namespace Florist.Kernel;

/// <summary>
/// Encrypts and authenticates small texts that leave the process and come back: page tokens, quotes, resume tokens.
/// A sealed text is URL-safe and gives no authority by itself.
/// </summary>
public interface ISeal
{
    /// <summary>Seals a text for one purpose.</summary>
    string Seal(string purpose, string text);

    /// <summary>Opens what <see cref="Seal"/> made for the same purpose; false for anything else.</summary>
    bool TryOpen(string purpose, string sealedText, [NotNullWhen(true)] out string? text);
}
