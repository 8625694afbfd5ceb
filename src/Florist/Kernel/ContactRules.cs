using System.Globalization;
using System.Text;

namespace Florist.Kernel;

/// <summary>
/// The one form in which contact points are kept, so that one mailbox or telephone has one spelling. Everything that is
/// keyed by an address or number uses it.
/// </summary>
public static class ContactRules
{
    private const int EmailLengthMax = 254;
    private const int LocalPartLengthMax = 64;
    private const int DomainLengthMax = 253;
    private const int LabelLengthMax = 63;
    private const string LocalPartSymbols = "!#$%&'*+-/=?^_`{|}~.";

    // IDNA's mapping to lower-case ASCII; unassigned code points and non-host characters are refused.
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true, AllowUnassigned = false };

    /// <summary>
    /// Reads an e-mail address: a dot-atom before the last <c>@</c>, kept as it is, because only its host knows what
    /// case means there; a domain of at least two labels, put in lower case and punycode. Quoted local parts, comments
    /// and address literals are refused: no customer has one.
    /// </summary>
    public static bool TryEmail(string value, out string email)
    {
        email = "";
        string text = value.Trim().Normalize(NormalizationForm.FormC);
        int at = text.LastIndexOf('@');
        if (at < 1 || !IsLocalPart(text[..at]) || !TryDomain(text[(at + 1)..], out string domain))
        {
            return false;
        }

        email = $"{text[..at]}@{domain}";
        return email.Length <= EmailLengthMax;
    }

    /// <summary>
    /// Reads a telephone number with its country code: <c>+</c>, 7 to 15 digits, no zero first (E.164). Spaces,
    /// hyphens, dots and parentheses are taken out; a trunk zero in parentheses, as in <c>+44 (0)20</c>, is refused
    /// rather than guessed away.
    /// </summary>
    public static bool TryPhone(string value, out string phone)
    {
        phone = "";
        StringBuilder digits = new(value.Length);
        foreach (char c in value.Trim())
        {
            if (char.IsAsciiDigit(c) || (c == '+' && digits.Length == 0))
            {
                digits.Append(c);
            }
            else if (c is not (' ' or '-' or '.' or '(' or ')' or '\u00A0'))
            {
                return false;
            }
        }

        if (digits.Length is < 8 or > 16 || digits[0] != '+' || digits[1] == '0' || value.Contains("(0)"))
        {
            return false;
        }

        phone = digits.ToString();
        return true;
    }

    private static bool IsLocalPart(string text) =>
        text.Length <= LocalPartLengthMax && text[0] != '.' && text[^1] != '.' && !text.Contains("..")
        && text.All(c => char.IsAsciiLetterOrDigit(c) || LocalPartSymbols.Contains(c));

    private static bool TryDomain(string text, out string domain)
    {
        domain = "";
        if (text.Length is 0 or > DomainLengthMax)
        {
            return false;
        }

        string ascii;
        try
        {
            ascii = Idn.GetAscii(text).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            // IdnMapping has no other way to say "not a domain name".
            return false;
        }

        string[] labels = ascii.Split('.');
        bool fits = ascii.Length <= DomainLengthMax && labels.Length >= 2 && labels.All(IsLabel)
            && !labels[^1].All(char.IsAsciiDigit);
        domain = fits ? ascii : "";
        return fits;
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= LabelLengthMax && label[0] != '-' && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
