using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Florist.Messaging;

/// <summary>Settings of the section <c>Messaging</c>.</summary>
public sealed class MessagingOptions : IValidatableObject
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Messaging";

    /// <summary>When the hours begin in which no text message is sent, in the customer's civil time.</summary>
    public TimeOnly QuietFrom { get; set; } = new(21, 0);

    /// <summary>When those hours end.</summary>
    public TimeOnly QuietUntil { get; set; } = new(8, 0);

    /// <summary>
    /// How long one attempt to hand a message to its provider may last, from asking for leave on. A withdrawal waits so
    /// long for an attempt under way, and its caller for it: so it is shorter than calls between grains may take.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:27")]
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>E-mails that the mail server takes from us in any one second, at most.</summary>
    [Range(1, 10_000)]
    public int EmailsPerSecondMax { get; set; } = 200;

    /// <summary>Text messages that the provider takes from our sender in any one second, at most.</summary>
    [Range(1, 10_000)]
    public int SmsPerSecondMax { get; set; } = 100;

    /// <summary>
    /// How long after the begin of an attempt its outcome is asked for, when its answer was lost. Longer than an
    /// attempt may last.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:02", "01:00:00")]
    public TimeSpan AskAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>What the shop looks like in messages.</summary>
    [ValidateObjectMembers]
    public BrandOptions Brand { get; set; } = new();

    /// <summary>By whose time senders and withdrawals wait; a simulation replaces it.</summary>
    internal TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Checks what concerns more than one setting.</summary>
    /// <param name="validationContext">Unused.</param>
    /// <returns>One result for each fault.</returns>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (AskAfter <= SendTimeout)
        {
            yield return new ValidationResult(
                "Messaging:AskAfter must be longer than Messaging:SendTimeout.", [nameof(AskAfter)]);
        }
    }

    internal SendSettings ToSendSettings() => new(new QuietHours(QuietFrom, QuietUntil), AskAfter);
}

/// <summary>What the shop looks like in messages; the section <c>Messaging:Brand</c>.</summary>
public sealed class BrandOptions : IValidatableObject
{
    /// <summary>The shop's name; short, for it stands in text messages too.</summary>
    [Required, StringLength(30, MinimumLength = 1)]
    public string Name { get; set; } = "Florist";

    /// <summary>
    /// Address of the shop's web pages, to which all links lead; <c>https</c>, without a slash at the end.
    /// </summary>
    [Required]
    public string BaseUrl { get; set; } = "https://florist.example";

    /// <summary>Address of the logo, 160 pixels wide; empty shows the name instead.</summary>
    public string LogoUrl { get; set; } = "";

    /// <summary>
    /// Address of a bouquet's picture, with <c>{bouquet}</c> for its id; empty shows none.
    /// </summary>
    public string BouquetImageUrl { get; set; } = "https://florist.example/images/bouquets/{bouquet}.jpg";

    /// <summary>Colour of buttons and lines, as <c>#2f5d43</c>; dark enough for white text on it.</summary>
    [RegularExpression("^#[0-9a-fA-F]{6}$")]
    public string AccentColour { get; set; } = "#2f5d43";

    /// <summary>Colour of the page behind the message, as <c>#f6f3ee</c>; light.</summary>
    [RegularExpression("^#[0-9a-fA-F]{6}$")]
    public string BackgroundColour { get; set; } = "#f6f3ee";

    /// <summary>The shop's legal name and postal address, as e-mails must show it.</summary>
    [Required, StringLength(300, MinimumLength = 1)]
    public string Imprint { get; set; } = "Florist Ltd, 1 Flower Row, London";

    /// <summary>Where customers get help: an e-mail address or a phone number.</summary>
    [Required, StringLength(100, MinimumLength = 1)]
    public string Help { get; set; } = "help@florist.example";

    /// <summary>Checks the addresses and the contrast of the colours.</summary>
    /// <param name="validationContext">Unused.</param>
    /// <returns>One result for each fault.</returns>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsWeb(BaseUrl) || BaseUrl.EndsWith('/'))
        {
            yield return Fault("is not an http or https address without a slash at its end", nameof(BaseUrl));
        }

        if (LogoUrl.Length > 0 && !IsWeb(LogoUrl))
        {
            yield return Fault("is not an http or https address", nameof(LogoUrl));
        }

        if (BouquetImageUrl.Length > 0 && !IsWeb(BouquetImageUrl.Replace("{bouquet}", "x", StringComparison.Ordinal)))
        {
            yield return Fault("is not an http or https address", nameof(BouquetImageUrl));
        }

        if (Contrast.Between(AccentColour, "#ffffff") < Contrast.TextMin)
        {
            yield return Fault("is too light for white text on it", nameof(AccentColour));
        }

        if (Contrast.Between(BackgroundColour, MessageView.InkColour) < Contrast.TextMin)
        {
            yield return Fault("is too dark for dark text on it", nameof(BackgroundColour));
        }
    }

    private static bool IsWeb(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https";

    private static ValidationResult Fault(string text, string member) =>
        new($"Messaging:Brand:{member} {text}.", [member]);
}

[OptionsValidator]
internal sealed partial class MessagingOptionsValidator : IValidateOptions<MessagingOptions>
{
}
