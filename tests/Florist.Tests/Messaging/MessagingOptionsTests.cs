using Florist.Messaging;
using Microsoft.Extensions.Options;

namespace Florist.Tests.Messaging;

public sealed class MessagingOptionsTests
{
    [Fact]
    public void The_defaults_hold_together() => Assert.True(Check(_ => { }).Succeeded);

    [Theory]
    [InlineData("#ffff99", "AccentColour")]
    [InlineData("green", "AccentColour")]
    public void An_accent_on_which_white_text_cannot_be_read_stops_the_start(string colour, string member) =>
        Assert.Contains(member, Check(options => options.Brand.AccentColour = colour).FailureMessage, StringComparison.Ordinal);

    [Fact]
    public void A_background_on_which_dark_text_cannot_be_read_stops_the_start() => Assert.Contains(
        "BackgroundColour",
        Check(options => options.Brand.BackgroundColour = "#333333").FailureMessage,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("florist.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://florist.example/")]
    public void Links_lead_to_the_web(string address) =>
        Assert.True(Check(options => options.Brand.BaseUrl = address).Failed);

    [Fact]
    public void An_attempt_must_have_ended_before_it_is_asked_for() =>
        Assert.True(Check(options => options.AskAfter = options.SendTimeout).Failed);

    [Theory]
    [InlineData("#000000", "#ffffff", 21.0)]
    [InlineData("#ffffff", "#ffffff", 1.0)]
    [InlineData("#777777", "#ffffff", 4.48)]
    public void Contrast_is_that_of_wcag(string one, string other, double ratio) =>
        Assert.Equal(ratio, Contrast.Between(one, other), 2);

    private static ValidateOptionsResult Check(Action<MessagingOptions> change)
    {
        MessagingOptions options = new();
        change(options);
        return new MessagingOptionsValidator().Validate(null, options);
    }
}
