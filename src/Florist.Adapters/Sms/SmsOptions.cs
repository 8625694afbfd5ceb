using System.ComponentModel.DataAnnotations;
using Florist.Messaging;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Sms;

/// <summary>Settings of the section <c>Sms</c>.</summary>
public sealed class SmsOptions
{
    /// <summary>The file that takes the messages, one JSON line each, while no provider is configured.</summary>
    [Required]
    public string LogFile { get; set; } = "data/sms.log";

    /// <summary>The account at Twilio.</summary>
    [ValidateObjectMembers]
    public TwilioOptions Twilio { get; set; } = new();
}

/// <summary>Settings of the section <c>Sms:Twilio</c>.</summary>
public sealed class TwilioOptions : IValidatableObject
{
    /// <summary>The account, <c>AC…</c>; empty means that messages go to <see cref="SmsOptions.LogFile"/>.</summary>
    [RegularExpression("^(AC[0-9a-fA-F]{32})?$")]
    public string AccountSid { get; set; } = "";

    /// <summary>
    /// The account's token. It signs the callbacks, and authenticates requests unless an API key is given. Never
    /// logged.
    /// </summary>
    public string AuthToken { get; set; } = "";

    /// <summary>An API key, <c>SK…</c>, which is better than the token for requests; null means none.</summary>
    [RegularExpression("^SK[0-9a-fA-F]{32}$")]
    public string? ApiKeySid { get; set; }

    /// <summary>The secret of the API key. Never logged.</summary>
    public string? ApiKeySecret { get; set; }

    /// <summary>The messaging service, <c>MG…</c>, that picks a sender; null means <see cref="From"/>.</summary>
    [RegularExpression("^MG[0-9a-fA-F]{32}$")]
    public string? MessagingServiceSid { get; set; }

    /// <summary>
    /// The sender: a number in E.164 or up to eleven letters and digits; null means the messaging service.
    /// </summary>
    [RegularExpression(@"^(\+[1-9]\d{1,14}|\d{3,8}|[A-Za-z0-9 ]{1,11})$")]
    public string? From { get; set; }

    /// <summary>
    /// The public address that Twilio tells what became of a message. <c>n</c>, the message key, is added to its query.
    /// Null means that nobody is told. Host names with an underscore are refused by Twilio.
    /// </summary>
    public string? StatusCallback { get; set; }

    /// <summary>Where the API is; other regions have hosts of their own.</summary>
    [Required]
    [Url]
    public string BaseUrl { get; set; } = "https://api.twilio.com";

    /// <summary>The time to connect.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The time for a whole request. Giving up leaves it unknown whether the message was taken, so it is generous.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:05:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many pages of 100 messages a look-up reads, at most, before it says that it cannot tell.</summary>
    [Range(1, 100)]
    public int LookupPagesMax { get; set; } = 5;

    /// <summary>Whether an account is configured.</summary>
    public bool IsConfigured => AccountSid.Length > 0;

    /// <summary>Checks what concerns more than one setting.</summary>
    /// <param name="validationContext">Unused.</param>
    /// <returns>One result for each fault.</returns>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsConfigured)
        {
            yield break;
        }

        if (AuthToken.Length == 0)
        {
            yield return new ValidationResult("Sms:Twilio:AuthToken is missing.", [nameof(AuthToken)]);
        }

        if ((ApiKeySid is null) != string.IsNullOrEmpty(ApiKeySecret))
        {
            yield return new ValidationResult(
                "Sms:Twilio:ApiKeySid and ApiKeySecret belong together.", [nameof(ApiKeySid)]);
        }

        if ((MessagingServiceSid is null) == (From is null))
        {
            yield return new ValidationResult(
                "Set one of Sms:Twilio:MessagingServiceSid and Sms:Twilio:From.", [nameof(From)]);
        }

        if (!Uri.TryCreate(BaseUrl, UriKind.Absolute, out Uri? api) || (api.Scheme != "https" && !api.IsLoopback))
        {
            yield return new ValidationResult("Sms:Twilio:BaseUrl is no https address.", [nameof(BaseUrl)]);
        }

        if (StatusCallback is not null && !IsCallback(StatusCallback))
        {
            yield return new ValidationResult(
                "Sms:Twilio:StatusCallback is no public http or https address.", [nameof(StatusCallback)]);
        }
    }

    private static bool IsCallback(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? uri)
        && uri.Scheme is "http" or "https"
        && !uri.Host.Contains('_', StringComparison.Ordinal);
}

[OptionsValidator]
internal sealed partial class SmsOptionsValidator : IValidateOptions<SmsOptions>
{
}
