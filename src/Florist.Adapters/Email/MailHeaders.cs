using System.Text;
using Florist.Messaging;

namespace Florist.Adapters.Email;

/// <summary>
/// Writes header fields: folded at 76 columns where there is a place to fold, never beyond 998, with encoded-words
/// (RFC 2047) for what is not ASCII. A line break in a value is an error, for it would add a header of the sender's
/// choice.
/// </summary>
internal sealed class MailHeaders
{
    // RFC 5322 wants 78 at most; a line that holds an encoded-word may have 76, so that is kept throughout.
    private const int LineWanted = 76;
    private const int LineMax = 998;
    private const int WordMax = 75;

    private readonly StringBuilder _text = new();

    /// <summary>The headers so far, each ended by CRLF; all ASCII.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>Adds a header whose value is ASCII by construction and may be folded at its spaces.</summary>
    public void Add(string name, string value) => Fold(name, value.Split(' '));

    /// <summary>Adds a header of free text: plain if it can be, else in encoded-words.</summary>
    public void AddText(string name, string value)
    {
        string trimmed = Checked(name, value).Trim();
        Fold(name, IsPlain(trimmed) ? trimmed.Split(' ') : EncodedWord.Encode(trimmed, LineWanted - name.Length - 2));
    }

    /// <summary>
    /// Adds a header with a syntax of its own, such as List-Unsubscribe: folded at spaces but otherwise as it is,
    /// unless it holds what ASCII cannot.
    /// </summary>
    public void AddOther(string name, string value)
    {
        string trimmed = Checked(name, value).Trim();
        bool ascii = trimmed.All(c => c is >= ' ' and <= '~');
        Fold(name, ascii ? trimmed.Split(' ') : EncodedWord.Encode(trimmed, LineWanted - name.Length - 2));
    }

    /// <summary>Adds a header with one address.</summary>
    public void AddMailbox(string name, MailAddress address, string? displayName)
    {
        string shown = Checked(name, displayName ?? "").Trim();
        if (shown.Length == 0)
        {
            Fold(name, [address.ToString()]);
            return;
        }

        Fold(name, [.. Phrase(name, shown), $"<{address}>"]);
    }

    /// <summary>Refuses what would end the header early.</summary>
    public static string Checked(string name, string value) =>
        value.AsSpan().IndexOfAny('\r', '\n', '\0') < 0
            ? value
            : throw new UnwritableMailException(
                SendProblem.ContentRefused, "HEADER_INJECTION", $"the header {name} holds a line break");

    private static IEnumerable<string> Phrase(string name, string shown)
    {
        string[] words = shown.Split(' ');
        if (words.All(word => MailAddress.IsAtom(word)) && IsPlain(shown))
        {
            return words;
        }

        string quoted = MailAddress.Quote(shown);
        return IsPlain(shown) && quoted.Length < LineWanted - name.Length - 2
            ? [quoted]
            : EncodedWord.Encode(shown, LineWanted - name.Length - 2);
    }

    // What looks like an encoded-word must be encoded, or a reader would decode it.
    private static bool IsPlain(string value) =>
        value.All(c => c is >= ' ' and <= '~')
        && !value.Contains("=?", StringComparison.Ordinal)
        && value.Split(' ').All(word => word.Length < WordMax);

    // Words are joined by single spaces; a fold stands before a space, so unfolding gives the value back exactly.
    private void Fold(string name, IEnumerable<string> words)
    {
        _text.Append(name).Append(':');
        int column = name.Length + 1;
        bool lineHasWord = false;
        int spaces = 0;
        foreach (string word in words)
        {
            spaces++;
            if (word.Length == 0)
            {
                continue;
            }

            if (lineHasWord && column + spaces + word.Length > LineWanted)
            {
                _text.Append("\r\n");
                column = 0;
            }

            column += spaces + word.Length;
            if (column > LineMax)
            {
                throw new UnwritableMailException(
                    SendProblem.ContentRefused,
                    "HEADER_TOO_LONG",
                    $"the header {name} cannot be folded below {LineMax}");
            }

            _text.Append(' ', spaces).Append(word);
            lineHasWord = true;
            spaces = 0;
        }

        _text.Append("\r\n");
    }
}
