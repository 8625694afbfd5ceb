using Florist.Kernel;

namespace Florist.Tests.Kernel;

public sealed class AnsweredTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_repeat_gets_the_first_answer()
    {
        Answered answered = After(new Open("lid"));

        Assert.True(answered.Replays("r", new Open("lid"), Now, out Outcome<string> earlier));
        Assert.Equal("opened", earlier.Value);
    }

    [Fact]
    public void A_command_of_the_same_form_that_does_something_else_is_no_repeat()
    {
        Answered answered = After(new Open("lid"));

        Assert.True(answered.Replays("r", new Close("lid"), Now, out Outcome<string> earlier));
        Assert.Equal("REQUEST_ID_REUSED", earlier.Fault?.Reason);
    }

    private static Answered After(Open command)
    {
        Effects effects = Effects.None;
        return Answered.None.Remember("r", command, "opened", Now, ref effects);
    }

    private sealed record Open(string What);

    private sealed record Close(string What);
}
