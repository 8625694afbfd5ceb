using System.Buffers;
using System.Globalization;
using System.Text;
using Florist.Messaging;

namespace Florist.Adapters.Email;

/// <summary>A message that cannot be put on the wire, whichever server it is meant for.</summary>
internal sealed class UnwritableMailException : FormatException
{
    public UnwritableMailException(SendProblem problem, string code, string text)
        : base(text)
    {
        Problem = problem;
        Code = code;
    }

    public SendProblem Problem { get; }

    public string Code { get; }
}

/// <summary>
/// An address as it is written in headers and in the SMTP envelope: ASCII, the local part quoted where RFC 5321 wants
/// it, the domain in its ASCII form.
/// </summary>
internal readonly record struct MailAddress(string Local, string Domain)
{
    private const int LocalMax = 64;
    private const int DomainMax = 253;
    private const string AtomSymbols = "!#$%&'*+-/=?^_`{|}~";
    private static readonly SearchValues<char> MustBeQuoted = SearchValues.Create(" \"\\<>,;:()[]@");

    public override string ToString() => $"{Local}@{Domain}";

    /// <summary>Reads an address.</summary>
    /// <exception cref="UnwritableMailException">It cannot exist, or needs the SMTPUTF8 extension.</exception>
    public static MailAddress Parse(string address)
    {
        int at = address.LastIndexOf('@');
        if (at <= 0 || at == address.Length - 1)
        {
            throw Invalid("an address is local@domain");
        }

        return new MailAddress(ParseLocal(address[..at]), ParseDomain(address[(at + 1)..]));
    }

    public static bool IsAtom(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !AtomSymbols.Contains(c))
            {
                return false;
            }
        }

        return text.Length > 0;
    }

    public static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string ParseLocal(string local)
    {
        if (local.Any(c => c is < ' ' or > '~'))
        {
            throw Invalid("the part before the @ must be printable ASCII");
        }

        bool quoted = local.Length > 2 && local[0] == '"' && local[^1] == '"';
        string bare = quoted ? Unquote(local) : local;
        if (bare.Length > LocalMax)
        {
            throw Invalid($"the part before the @ has more than {LocalMax} characters");
        }

        if (!quoted && bare.AsSpan().IndexOfAny(MustBeQuoted) >= 0)
        {
            throw Invalid("the part before the @ holds a character that must be quoted");
        }

        // Some Japanese carriers gave out addresses such as a..b@ that are only legal as a quoted string.
        return bare.Split('.').All(atom => IsAtom(atom)) ? bare : Quote(bare);
    }

    private static string Unquote(string local)
    {
        StringBuilder bare = new(local.Length);
        for (int index = 1; index < local.Length - 1; index++)
        {
            if (local[index] == '"' || (local[index] == '\\' && ++index == local.Length - 1))
            {
                throw Invalid("the quoted part before the @ is not closed properly");
            }

            bare.Append(local[index]);
        }

        return bare.ToString();
    }

    private static string ParseDomain(string domain)
    {
        try
        {
            string ascii = new IdnMapping { UseStd3AsciiRules = true }.GetAscii(domain);
            return ascii.Length <= DomainMax && ascii[^1] != '.' ? ascii : throw Invalid("the domain is too long");
        }
        catch (ArgumentException)
        {
            throw Invalid("the domain is not a domain name");
        }
    }

    private static UnwritableMailException Invalid(string text) =>
        new(SendProblem.InvalidAddress, "INVALID_ADDRESS", text);
}
