using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Email;

/// <summary>How a connection to the submission server is protected.</summary>
public enum SmtpSecurity
{
    /// <summary>Not at all: only for a relay on the same machine.</summary>
    None = 0,

    /// <summary>STARTTLS when the server offers it. An attacker on the way can take the offer out.</summary>
    StartTlsWhenOffered = 1,

    /// <summary>STARTTLS, or nothing is sent.</summary>
    StartTls = 2,

    /// <summary>TLS from the first byte (port 465).</summary>
    Tls = 3,
}

/// <summary>Settings of the section <c>Email</c>.</summary>
public sealed class EmailOptions : IValidatableObject
{
    /// <summary>
    /// The sender's address, used when a message names none. Needed as soon as <c>Smtp:Host</c> is set.
    /// </summary>
    public string FromAddress { get; set; } = "florist@localhost";

    /// <summary>The sender's name; may be empty.</summary>
    public string FromName { get; set; } = "Florist";

    /// <summary>Where bounces go (the envelope sender); null means to the sender.</summary>
    public string? ReturnPath { get; set; }

    /// <summary>The folder that takes the messages, as <c>.eml</c> files, while no server is configured.</summary>
    [Required]
    public string Folder { get; set; } = "data/mail";

    /// <summary>The submission server.</summary>
    [ValidateObjectMembers]
    public SmtpOptions Smtp { get; set; } = new();

    /// <summary>Checks what concerns more than one setting.</summary>
    /// <param name="validationContext">Unused.</param>
    /// <returns>One result for each fault.</returns>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsAddress(FromAddress))
        {
            yield return new ValidationResult("Email:FromAddress is not an address.", [nameof(FromAddress)]);
        }

        if (ReturnPath is not null && !IsAddress(ReturnPath))
        {
            yield return new ValidationResult("Email:ReturnPath is not an address.", [nameof(ReturnPath)]);
        }

        if (Smtp.IsConfigured && FromAddress.EndsWith("@localhost", StringComparison.OrdinalIgnoreCase))
        {
            yield return new ValidationResult(
                "Email:FromAddress must be set when Email:Smtp:Host is.", [nameof(FromAddress)]);
        }
    }

    private static bool IsAddress(string text)
    {
        try
        {
            MailAddress.Parse(text);
            return true;
        }
        catch (UnwritableMailException)
        {
            return false;
        }
    }
}

/// <summary>Settings of the section <c>Email:Smtp</c>.</summary>
public sealed class SmtpOptions : IValidatableObject
{
    /// <summary>The server's name; empty means that messages go to <see cref="EmailOptions.Folder"/>.</summary>
    public string Host { get; set; } = "";

    /// <summary>
    /// The port; 0 means the usual one of <see cref="Security"/>: 587, 465 with TLS, 25 without protection.
    /// </summary>
    [Range(0, 65535)]
    public int Port { get; set; }

    /// <summary>How the connection is protected.</summary>
    [EnumDataType(typeof(SmtpSecurity))]
    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    /// <summary>The account; empty means no authentication.</summary>
    public string UserName { get; set; } = "";

    /// <summary>The account's password. It is sent over TLS or to the same machine only, and never logged.</summary>
    public string? Password { get; set; }

    /// <summary>The name given in EHLO; null means this machine's.</summary>
    public string? HelloName { get; set; }

    /// <summary>A PEM file with the only certificates to trust; null means those the system trusts.</summary>
    public string? TrustedCertificateFile { get; set; }

    /// <summary>The most connections held at once, 1 to 64.</summary>
    [Range(1, 64)]
    public int ConnectionsMax { get; set; } = 4;

    /// <summary>The most messages sent over one connection before it is closed.</summary>
    [Range(1, 100_000)]
    public int MessagesPerConnectionMax { get; set; } = 100;

    /// <summary>The time a connection may stay idle and be used again.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The time to connect, with the TLS handshake where that comes first.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The time for each command, and for writing the content.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan StepTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The time for the server's word after the final dot. Generous, for giving up there leaves it unknown whether the
    /// message was taken.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan VerdictTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Whether a server is configured.</summary>
    public bool IsConfigured => Host.Length > 0;

    internal int EffectivePort => Port != 0 ? Port : Security switch
    {
        SmtpSecurity.Tls => 465,
        SmtpSecurity.None => 25,
        _ => 587,
    };

    internal string EffectiveHelloName =>
        HelloName ?? (IsHelloName(Dns.GetHostName()) ? Dns.GetHostName() : "localhost");

    internal bool IsLoopback =>
        Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(Host, out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>Checks what concerns more than one setting.</summary>
    /// <param name="validationContext">Unused.</param>
    /// <returns>One result for each fault.</returns>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (UserName.Length > 0 && Security == SmtpSecurity.None && !IsLoopback)
        {
            yield return new ValidationResult(
                "Email:Smtp:UserName needs TLS: set Email:Smtp:Security.", [nameof(Security)]);
        }

        if (UserName.Length > 0 && string.IsNullOrEmpty(Password))
        {
            yield return new ValidationResult("Email:Smtp:Password is missing.", [nameof(Password)]);
        }

        if (HelloName is not null && !IsHelloName(HelloName))
        {
            yield return new ValidationResult("Email:Smtp:HelloName is not a host name.", [nameof(HelloName)]);
        }

        if (!string.IsNullOrEmpty(TrustedCertificateFile) && !File.Exists(TrustedCertificateFile))
        {
            yield return new ValidationResult(
                "Email:Smtp:TrustedCertificateFile does not exist.", [nameof(TrustedCertificateFile)]);
        }
    }

    private static bool IsHelloName(string name) =>
        name.Length is > 0 and <= 255 && name.All(c => char.IsAsciiLetterOrDigit(c) || "-.[]:".Contains(c));
}

[OptionsValidator]
internal sealed partial class EmailOptionsValidator : IValidateOptions<EmailOptions>
{
}
