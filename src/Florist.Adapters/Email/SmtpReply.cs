using System.Globalization;

namespace Florist.Adapters.Email;

/// <summary>One reply of a server: its code and its lines without the code.</summary>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    public bool IsPositive => Code is >= 200 and < 300;

    public bool IsTransient => Code is >= 400 and < 500;

    public bool IsPermanent => Code is >= 500 and < 600;

    public string Text => string.Join(' ', Lines);

    /// <summary>
    /// The enhanced status (RFC 3463) without its class, such as "1.1"; null when the server gives none.
    /// </summary>
    public string? Subject
    {
        get
        {
            string word = Lines.Count == 0 ? "" : Lines[0].Split(' ', 2)[0];
            string[] parts = word.Split('.');
            bool enhanced = parts.Length == 3
                && parts.All(part => part.Length is > 0 and <= 3 && part.All(char.IsAsciiDigit))
                && parts[0] == (Code / 100).ToString(CultureInfo.InvariantCulture);
            return enhanced ? $"{parts[1]}.{parts[2]}" : null;
        }
    }

    /// <summary>The code for people: "550" or "550 5.1.1".</summary>
    public string Status =>
        Subject is { } subject ? $"{Code} {Code / 100}.{subject}" : Code.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The server said something that is no SMTP.</summary>
internal sealed class SmtpProtocolException : IOException
{
    public SmtpProtocolException(string message)
        : base(message)
    {
    }
}

/// <summary>The server refused a step, or the step cannot be done as configured.</summary>
internal sealed class SmtpRefusedException : Exception
{
    public SmtpRefusedException(SmtpStage stage, SmtpReply reply)
        : base($"{stage} answered {reply.Status}")
    {
        Stage = stage;
        Reply = reply;
    }

    public SmtpStage Stage { get; }

    public SmtpReply Reply { get; }
}

/// <summary>
/// How far a session has come. The order matters: only from <see cref="Verdict"/> on may the message be taken.
/// </summary>
internal enum SmtpStage
{
    Connect,
    Greeting,
    Hello,
    StartTls,
    Authenticate,
    Idle,
    MailFrom,
    RcptTo,
    Data,
    Content,
    Verdict,
}
