using Florist.Kernel;

namespace Florist.Tests.Kernel.Wake;

/// <summary>The table of what is still done after a stop, row by row.</summary>
public sealed class CatchUpTests
{
    /// <summary>A Monday, 09:30 in London.</summary>
    private static readonly DateTimeOffset Due = new(2026, 11, 23, 9, 30, 0, TimeSpan.Zero);

    public static TheoryData<TimeSpan> Stops =>
    [
        TimeSpan.Zero,
        TimeSpan.FromMinutes(1),
        TimeSpan.FromDays(1),
        TimeSpan.FromDays(8),
        TimeSpan.FromDays(40),
        TimeSpan.FromDays(425),
    ];

    [Theory]
    [MemberData(nameof(Stops))]
    public void A_deadline_is_kept_whatever_its_age(TimeSpan late) =>
        Assert.Equal(CatchUp.Run, Decide(CatchUpKind.Deadline, late, useless: TimeSpan.Zero, superseded: true));

    [Theory]
    [MemberData(nameof(Stops))]
    public void A_payment_or_a_hold_expires_whatever_its_age(TimeSpan late) =>
        Assert.Equal(CatchUp.Run, Decide(CatchUpKind.PaymentExpiry, late, useless: TimeSpan.Zero, superseded: true));

    [Theory]
    [InlineData(0, false, CatchUp.Run)]
    [InlineData(119, false, CatchUp.Run)]
    [InlineData(120, false, CatchUp.Missed)]
    [InlineData(0, true, CatchUp.Collapsed)]
    [InlineData(119, true, CatchUp.Collapsed)]
    [InlineData(60 * 24 * 8, true, CatchUp.Missed)]
    public void News_of_an_order_is_told_while_it_is_of_use_and_nothing_newer_is_known(
        int lateMinutes, bool superseded, CatchUp expected) => Assert.Equal(
            expected,
            Decide(
                CatchUpKind.OrderNotice,
                TimeSpan.FromMinutes(lateMinutes),
                useless: TimeSpan.FromHours(2),
                superseded: superseded));

    [Theory]
    [InlineData(0, false, CatchUp.Run)]
    [InlineData(3, false, CatchUp.Run)]
    [InlineData(3, true, CatchUp.Collapsed)]
    [InlineData(6, false, CatchUp.Run)]
    [InlineData(7, false, CatchUp.Missed)]
    [InlineData(7, true, CatchUp.Missed)]
    [InlineData(425, false, CatchUp.Missed)]
    public void A_reminder_is_sent_while_an_order_is_possible_and_of_several_only_the_newest(
        int lateDays, bool newerDue, CatchUp expected) => Assert.Equal(
            expected,
            Decide(
                CatchUpKind.OccasionReminder,
                TimeSpan.FromDays(lateDays),
                useless: TimeSpan.FromDays(7),
                superseded: newerDue));

    [Theory]
    [InlineData(0, CatchUp.Run)]
    [InlineData(7 * 24 * 60, CatchUp.Run)]
    [InlineData((7 * 24 * 60) + 1, CatchUp.Missed)]
    [InlineData(425 * 24 * 60, CatchUp.Missed)]
    public void A_survey_is_sent_up_to_a_week_late(int lateMinutes, CatchUp expected) =>
        Assert.Equal(expected, Decide(CatchUpKind.Survey, TimeSpan.FromMinutes(lateMinutes)));

    [Theory]
    [InlineData(0, false, CatchUp.Run)]
    [InlineData(1, false, CatchUp.Run)]
    [InlineData(1, true, CatchUp.Missed)]
    [InlineData((14 * 60) + 29, false, CatchUp.Run)]
    [InlineData((14 * 60) + 30, false, CatchUp.Missed)]
    [InlineData(24 * 60, false, CatchUp.Missed)]
    public void Marketing_is_sent_on_its_own_civil_day_and_not_in_the_night(
        int lateMinutes, bool quiet, CatchUp expected) => Assert.Equal(
            expected,
            CatchUpRules.Decide(CatchUpKind.Marketing, new CatchUpFacts
            {
                DueAt = Due,
                Now = Due.AddMinutes(lateMinutes),
                TimeZone = "Europe/London",
                Quiet = quiet,
            }));

    [Theory]
    [InlineData("America/Los_Angeles", CatchUp.Run)]
    [InlineData("Asia/Tokyo", CatchUp.Missed)]
    public void The_day_is_the_customers(string zone, CatchUp expected) => Assert.Equal(
        expected,
        CatchUpRules.Decide(CatchUpKind.Marketing, new CatchUpFacts
        {
            DueAt = Due,
            Now = Due.AddHours(20),
            TimeZone = zone,
        }));

    [Fact]
    public void Every_kind_has_a_rule() => Assert.All(
        Enum.GetValues<CatchUpKind>(), kind => Assert.Equal(CatchUp.Run, Decide(kind, TimeSpan.Zero)));

    private static CatchUp Decide(
        CatchUpKind kind, TimeSpan late, TimeSpan? useless = null, bool superseded = false) =>
        CatchUpRules.Decide(kind, new CatchUpFacts
        {
            DueAt = Due,
            Now = Due + late,
            UselessFrom = Due + useless,
            Superseded = superseded,
            TimeZone = "Europe/London",
        });
}
