using Florist.Messaging;

namespace Florist.Tests.Messaging.Ports;

public class SendOutcomeTests
{
    [Fact]
    public void The_text_is_one_line_of_at_most_300_characters()
    {
        Assert.Equal("a  b", SendOutcome.Uncertain("X", "a\r\nb\n").Text);
        Assert.Equal(300, SendOutcome.Rejected(SendProblem.None, "X", new string('x', 301)).Text.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void A_time_to_wait_that_has_passed_is_no_time_to_wait(int seconds) =>
        Assert.Null(SendOutcome.Deferred(SendProblem.Throttled, "429", "", TimeSpan.FromSeconds(seconds)).RetryAfter);
}
