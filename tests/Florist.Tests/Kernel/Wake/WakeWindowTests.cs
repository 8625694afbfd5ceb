using System.Collections.Immutable;
using Florist.Kernel;
using Orleans.Runtime;

namespace Florist.Tests.Kernel.Wake;

public sealed class WakeWindowTests
{
    private const int RowsMax = 4;

    private static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    private readonly WakeWindow window = new(RowsMax);

    [Fact]
    public void Nothing_is_known_before_the_first_poll_and_a_commit_alone_is_not_believed_to_be_all()
    {
        window.Apply(Change("a", Now));

        Assert.Empty(window.Ready(WakeClass.Notice, Now, 10));
        Assert.True(window.NeedsPoll(WakeClass.Notice, Now, 1));
    }

    [Fact]
    public void A_commit_that_lands_inside_the_window_needs_no_poll()
    {
        Read([], Now.AddMinutes(10));
        window.Apply(Change("a", Now.AddMinutes(3)));

        Assert.Empty(Ready(Now.AddMinutes(3).AddMilliseconds(-1)));
        Assert.Equal(Now.AddMinutes(3), NoticeLook());
        Assert.Equal(["a"], Ready(Now.AddMinutes(3)));
        Assert.False(window.NeedsPoll(WakeClass.Notice, Now.AddMinutes(3), 10));
    }

    [Fact]
    public void A_commit_beyond_the_window_is_left_to_the_poll_that_reaches_it()
    {
        Read([], Now.AddMinutes(10));
        window.Apply(Change("a", Now.AddMinutes(10)));

        Assert.Equal(0, window.Count);
        Assert.True(window.NeedsPoll(WakeClass.Notice, Now.AddMinutes(10), 1));
    }

    [Fact]
    public void A_commit_moves_a_grains_wake_up_and_another_takes_it_away()
    {
        Read([Row("a", Now.AddMinutes(1))], Now.AddMinutes(10));
        window.Apply(Change("a", Now.AddMinutes(2)));
        Assert.Empty(Ready(Now.AddMinutes(1)));
        Assert.Equal(["a"], Ready(Now.AddMinutes(2)));

        window.Apply(Change("a", null));
        Assert.Empty(Ready(Now.AddMinutes(10)));
    }

    [Fact]
    public void What_a_poll_read_before_a_commit_does_not_undo_the_commit()
    {
        Read([Row("a", Now), Row("b", Now)], Now.AddMinutes(10));
        WakeWindow.Poll poll = window.BeginPoll();
        window.Apply(Change("a", null));
        window.Apply(Change("c", Now.AddMinutes(1)));
        window.Merge(poll, Asked(Now.AddMinutes(10)), [Row("a", Now), Row("b", Now)]);

        Assert.Equal(["b", "c"], Ready(Now.AddMinutes(1)));
    }

    [Fact]
    public void A_row_is_begun_once_and_a_poll_meanwhile_does_not_bring_it_back()
    {
        WakeRow row = Row("a", Now);
        Read([row], Now.AddMinutes(10));
        Assert.True(window.TryBegin(row));
        Assert.False(window.TryBegin(row));

        Read([row], Now.AddMinutes(10));
        Assert.Empty(Ready(Now));
        window.End(row);
        Assert.Empty(Ready(Now));
    }

    [Fact]
    public void A_row_that_was_moved_since_it_was_seen_is_not_begun()
    {
        WakeRow row = Row("a", Now);
        Read([row], Now.AddMinutes(10));
        window.Apply(Change("a", Now.AddMinutes(1)));

        Assert.False(window.TryBegin(row));
    }

    [Fact]
    public void A_grain_is_not_woken_again_while_it_is_being_woken_but_right_after()
    {
        WakeRow row = Row("a", Now);
        Read([row], Now.AddMinutes(10));
        window.TryBegin(row);
        window.Apply(Change("a", Now.AddSeconds(-1)));
        Assert.Empty(Ready(Now));

        window.End(row);
        Assert.Equal(["a"], Ready(Now));
    }

    [Fact]
    public void A_failed_row_comes_back_when_it_was_put_off_to_unless_its_grain_moved_it_meanwhile()
    {
        WakeRow row = Row("a", Now);
        WakeRow again = row with { Attempts = 1, NotBefore = Now.AddMinutes(1) };
        Read([row], Now.AddMinutes(10));
        window.TryBegin(row);
        window.End(row, again);
        Assert.Equal(["a"], Ready(Now.AddMinutes(1)));

        window.TryBegin(again);
        window.Apply(Change("a", Now.AddMinutes(5)));
        window.End(again, again with { Attempts = 2, NotBefore = Now.AddMinutes(2) });
        Assert.Empty(Ready(Now.AddMinutes(4)));
        Assert.Equal(["a"], Ready(Now.AddMinutes(5)));
    }

    [Fact]
    public void What_became_of_a_row_unknown_to_the_table_is_read_anew()
    {
        WakeRow row = Row("a", Now);
        Read([row], Now.AddMinutes(10));
        window.TryBegin(row);
        window.Lose(row);

        Assert.True(window.NeedsPoll(WakeClass.Notice, Now, 1));
        Read([row], Now.AddMinutes(10));
        Assert.Equal(["a"], Ready(Now));
    }

    [Fact]
    public void A_full_answer_reaches_only_to_its_last_row_and_the_rest_is_asked_for_when_it_is_used_up()
    {
        ImmutableArray<WakeRow> rows = [.. Enumerable.Range(0, RowsMax).Select(i => Row($"g{i}", Now.AddSeconds(i)))];
        Read(rows, Now.AddMinutes(10));
        Assert.False(window.NeedsPoll(WakeClass.Notice, Now.AddSeconds(2), 99));
        Assert.True(window.NeedsPoll(WakeClass.Notice, Now.AddSeconds(3), 99));

        window.Apply(Change("later", Now.AddSeconds(9)));
        Assert.Equal(RowsMax, window.Count);
    }

    [Fact]
    public void A_flood_of_commits_inside_the_window_does_not_fill_the_memory()
    {
        Read([], Now.AddMinutes(10));
        for (int i = 0; i < 1000; i++)
        {
            window.Apply(Change($"g{i:000}", Now.AddSeconds(600 - 1 - (i % 600))));
        }

        Assert.InRange(window.Count, RowsMax, RowsMax * 2);
        Assert.Equal(Now, window.Ready(WakeClass.Notice, Now.AddMinutes(10), 1).Single().NotBefore);
    }

    [Fact]
    public void Classes_are_kept_apart()
    {
        Read([Row("a", Now)], Now.AddMinutes(10));

        Assert.Empty(window.Ready(WakeClass.Deadline, Now, 10));
        Assert.True(window.NeedsPoll(WakeClass.Deadline, Now, 1));
        Assert.Equal(DateTimeOffset.MinValue, window.NextLook());
    }

    private static WakeQuery Asked(DateTimeOffset until) => new(WakeClass.Notice, until, RowsMax);

    private static WakeRow Row(string key, DateTimeOffset due) =>
        new(GrainId.Create("probe", key), due, WakeClass.Notice, 0, due);

    private static WakeChange Change(string key, DateTimeOffset? due) =>
        new(GrainId.Create("probe", key), due, WakeClass.Notice);

    private void Read(ImmutableArray<WakeRow> rows, DateTimeOffset until) =>
        window.Merge(window.BeginPoll(), Asked(until), rows);

    private IEnumerable<string> Ready(DateTimeOffset now) =>
        window.Ready(WakeClass.Notice, now, 99).Select(row => row.Grain.Key.ToString() ?? "");

    private DateTimeOffset NoticeLook()
    {
        foreach (WakeClass lane in Enum.GetValues<WakeClass>().Where(lane => lane != WakeClass.Notice))
        {
            window.Merge(window.BeginPoll(), new WakeQuery(lane, Now.AddDays(1), RowsMax), []);
        }

        return window.NextLook();
    }
}
