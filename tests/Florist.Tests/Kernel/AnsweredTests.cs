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

    [Fact]
    public void An_answer_is_kept_for_a_day_and_goes_with_the_next_one_after_that()
    {
        Answered answered = After(new Open("lid"));
        Effects effects = Effects.None;

        answered = answered.Remember("s", new Open("box"), "opened", Now.AddHours(23), ref effects);
        Assert.True(answered.Replays("r", new Open("lid"), Now.AddHours(23), out Outcome<string> _));
        Assert.Equal(["s"], effects.Rows.Select(row => row.Key[1].Value));
        answered = answered.Remember("t", new Open("bin"), "opened", Now.AddHours(24), ref effects);

        Assert.False(answered.Replays("r", new Open("lid"), Now.AddHours(24), out Outcome<string> _));
        Assert.True(answered.Replays("s", new Open("box"), Now.AddHours(24), out Outcome<string> _));
        Assert.Equal(["s", "r", "t"], effects.Rows.Select(row => row.Key[1].Value));
    }

    private static Answered After(Open command)
    {
        Effects effects = Effects.None;
        return Answered.None.Remember("r", command, "opened", Now, ref effects);
    }

    private sealed record Open(string What);

    private sealed record Close(string What);
}
