using System.Security.Cryptography;
using System.Text;
using Florist.Messaging;

namespace Florist.Adapters.Email;

/// <summary>
/// The names that derive from a message key. All are functions of the key alone, so a repeat gives the same.
/// </summary>
internal static class MailNames
{
    private const int ReadableMax = 60;

    /// <summary>The Message-ID with its angle brackets. Different keys never give the same one.</summary>
    public static string MessageId(string key, string domain) => $"<{DotAtom(Checked(key))}@{domain}>";

    /// <summary>
    /// The boundary between the parts. It begins with "=_", which quoted-printable never produces, so no body can
    /// hold it.
    /// </summary>
    public static string Boundary(string key) => $"=_{Digest(Checked(key))}";

    /// <summary>
    /// A file name that is legal everywhere: a readable beginning and a digest, which tells keys apart on file
    /// systems that ignore case.
    /// </summary>
    public static string FileName(string key)
    {
        string readable = string.Concat(Checked(key).Select(c => char.IsAsciiLetterOrDigit(c) || c == '-' ? c : '_'));
        return $"{(readable.Length <= ReadableMax ? readable : readable[..ReadableMax])}-{Digest(key)}";
    }

    private static string Checked(string key) =>
        key.Length is > 0 and <= OutgoingEmail.KeyMax && key.All(c => c is > ' ' and <= '~')
            ? key
            : throw new UnwritableMailException(
                SendProblem.ContentRefused,
                "INVALID_KEY",
                $"a message key is 1 to {OutgoingEmail.KeyMax} printable ASCII characters without spaces");

    private static string DotAtom(string key)
    {
        StringBuilder atom = new(key.Length + 16);
        for (int index = 0; index < key.Length; index++)
        {
            char c = key[index];
            bool innerDot = c == '.' && index > 0 && index < key.Length - 1 && key[index - 1] != '.';
            _ = char.IsAsciiLetterOrDigit(c) || c is '-' or '_' || innerDot
                ? atom.Append(c)
                : atom.Append('=').Append(((int)c).ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return atom.ToString();
    }

    private static string Digest(string key) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(key)).AsSpan(0, 16));
}
