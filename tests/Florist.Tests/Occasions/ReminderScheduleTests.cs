using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Kernel;
using Florist.Occasions;
using Florist.Orders;

namespace Florist.Tests.Occasions;

public class ReminderScheduleTests
{
    private static readonly DateTimeOffset NewYear = Books.At("2027-01-01T00:00:00Z");
    private static readonly OccasionBook Book = Books.Empty.With("b", Books.MumsBirthday, NewYear);

    [Fact]
    public void A_reminder_is_due_in_the_morning_of_each_lead_day_and_then_a_year_later()
    {
        OccasionBook first = Book.Woken(Books.At("2027-02-24T09:00:00Z"));
        OccasionBook second = first.Woken(Books.At("2027-03-07T09:00:00Z"));

        Assert.Equal(Books.At("2027-02-24T09:00:00Z"), Book.NextDue);
        Assert.Equal(Books.At("2027-03-07T09:00:00Z"), first.NextDue);
        Assert.Equal(Books.At("2028-02-25T09:00:00Z"), second.NextDue);
        Assert.Equal("anna:b:2027:14", Assert.Single(first.Sent()).OccurrenceKey);
        Assert.Equal("anna:b:2027:3", Assert.Single(second.Sent()).OccurrenceKey);
    }

    [Fact]
    public void A_reminder_says_whose_day_it_is_how_old_they_will_be_and_until_when_it_is_of_use()
    {
        OccasionBook woken = Book.Woken(Books.At("2027-02-24T09:00:00Z"));

        ReminderDue due = Assert.Single(woken.Sent());
        Assert.Equal("Ruth", due.RecipientGivenName);
        Assert.Equal(77, due.Years);
        Assert.Equal(Books.Day("2027-03-10"), due.Date);
        Assert.Equal(14, due.LeadDays);
        Assert.Equal(Books.At("2027-03-10T14:00:00Z"), due.ExpiresAt);
        OutboxMessage message = Assert.Single(woken.Effects.Pending);
        Assert.Equal(due.ExpiresAt, message.ExpiresAt);
        Assert.Equal(OutboxClass.Occasion, message.Class);
        Assert.Equal("anna:b:2027:14", message.Key);
    }

    [Fact]
    public void Nobodys_age_is_spoken_of_when_the_year_of_birth_is_not_known()
    {
        OccasionBook book = Books.Empty.With("b", Books.MumsBirthday with { FirstYear = null }, NewYear);

        Assert.Null(Assert.Single(book.Woken(Books.At("2027-02-24T09:00:00Z")).Sent()).Years);
    }

    [Fact]
    public void A_wake_up_that_comes_twice_or_too_early_sends_nothing()
    {
        Assert.Empty(Book.Woken(Books.At("2027-02-24T08:59:59Z")).Sent());

        OccasionBook woken = Book.Woken(Books.At("2027-02-24T09:00:00Z"));
        Assert.Empty(woken.Woken(Books.At("2027-02-24T09:00:00Z")).Sent());
        Assert.Empty(woken.Woken(Books.At("2027-02-23T09:00:00Z")).Sent());
    }

    // The clocks of London go forward on 28 March 2027 and back on 31 October; those of New York on 14 March and 7
    // November.
    [Theory]
    [InlineData("Europe/London", 3, 31, 3, "2027-03-28T08:00:00Z")]
    [InlineData("Europe/London", 3, 30, 3, "2027-03-27T09:00:00Z")]
    [InlineData("Europe/London", 11, 3, 3, "2027-10-31T09:00:00Z")]
    [InlineData("Europe/London", 11, 2, 3, "2027-10-30T08:00:00Z")]
    [InlineData("America/New_York", 3, 17, 3, "2027-03-14T13:00:00Z")]
    [InlineData("America/New_York", 3, 16, 3, "2027-03-13T14:00:00Z")]
    [InlineData("Australia/Lord_Howe", 4, 7, 3, "2027-04-03T22:30:00Z")]
    [InlineData("Asia/Kathmandu", 6, 4, 3, "2027-06-01T03:15:00Z")]
    public void Reminders_keep_civil_time_across_clock_changes(string zone, int month, int day, int lead, string due)
    {
        OccasionDetails details = Books.MumsBirthday with
        {
            Day = new FixedDay { Month = month, Day = day },
            TimeZone = zone,
            LeadDays = [lead],
        };

        Assert.Equal(Books.At(due), Books.Empty.With("b", details, NewYear).NextDue);
    }

    [Fact]
    public void A_morning_that_a_clock_change_skips_moves_by_the_gap_and_one_that_comes_twice_is_the_first()
    {
        OccasionDetails lead = Books.MumsBirthday with
        {
            Day = new FixedDay { Month = 3, Day = 30 },
            TimeZone = "Europe/London",
            LeadDays = [2],
        };
        OccasionBook early =
            Books.Empty with { Policy = Books.Empty.Policy with { WindowStart = new TimeOnly(1, 30) } };

        Assert.Equal(Books.At("2027-03-28T01:30:00Z"), early.With("b", lead, NewYear).NextDue);
        Assert.Equal(
            Books.At("2027-10-31T00:30:00Z"),
            early.With("b", lead with { Day = new FixedDay { Month = 11, Day = 2 } }, NewYear).NextDue);
    }

    [Fact]
    public void Lead_days_may_reach_back_into_the_year_before()
    {
        OccasionDetails january =
            Books.MumsBirthday with { Day = new FixedDay { Month = 1, Day = 5 }, LeadDays = [60] };
        OccasionBook book = Books.Empty.With("b", january, Books.At("2026-06-01T00:00:00Z"));

        Assert.Equal(Books.At("2026-11-06T09:00:00Z"), book.NextDue);
        Assert.Equal(
            "anna:b:2027:60", Assert.Single(book.Woken(Books.At("2026-11-06T09:00:00Z")).Sent()).OccurrenceKey);
    }

    [Fact]
    public void The_spread_stays_within_the_window_differs_by_occasion_and_never_moves()
    {
        OccasionBook book = Books.Empty with { Policy = ReminderPolicy.Default };
        List<TimeSpan> spreads = [];
        for (int i = 0; i < 100; i++)
        {
            DateTimeOffset due = book.With($"o{i}", Books.MumsBirthday, NewYear).NextDue ?? NewYear;
            spreads.Add(due - Books.At("2027-02-24T09:00:00Z"));
        }

        Assert.All(spreads, spread => Assert.InRange(spread, TimeSpan.Zero, new TimeSpan(2, 59, 59)));
        Assert.True(spreads.Distinct().Count() > 90);
        Assert.InRange(spreads.Average(spread => spread.TotalMinutes), 60, 120);

        // Pinned: a replay of history must find every reminder where it was.
        Assert.Equal(3097992642392094724UL, StableHash.Of("anna:o0:2027:14"));
    }

    [Fact]
    public void West_of_the_shop_a_reminder_leaves_a_day_earlier_when_the_morning_is_too_late_to_order()
    {
        OccasionDetails nextDay = Books.MumsBirthday with { TimeZone = "America/Los_Angeles", LeadDays = [1] };
        OccasionBook early =
            Books.Empty with { Policy = Books.Empty.Policy with { CutOffs = Only(DayOfWeek.Tuesday) } };

        // 10 March 2027 is a Wednesday: flowers come on Tuesday, and at nine in Los Angeles it is past two in London.
        Assert.Equal(Books.At("2027-03-08T17:00:00Z"), early.With("b", nextDay, NewYear).NextDue);
    }

    [Fact]
    public void Before_a_day_without_delivery_the_last_order_is_that_of_the_day_before()
    {
        ReminderPolicy sixDays = ReminderPolicy.Default with
        {
            CutOffs = ReminderPolicy.Default.CutOffs.Remove(DayOfWeek.Sunday).SetItem(DayOfWeek.Saturday, new(10, 0)),
        };

        Assert.Equal(Books.At("2027-03-06T10:00:00Z"), sixDays.CutOff(Books.Day("2027-03-07")));
        Assert.Equal(Books.At("2027-03-08T14:00:00Z"), sixDays.CutOff(Books.Day("2027-03-08")));
    }

    // Due on 24 February and 7 March; an order is possible until 10 March at 14:00.
    [Theory]
    [InlineData("2027-02-24T09:01:00Z", "14", "")]
    [InlineData("2027-02-25T12:00:00Z", "14", "")]
    [InlineData("2027-03-06T23:00:00Z", "14", "")]
    [InlineData("2027-03-07T09:00:00Z", "3", "14:Collapsed")]
    [InlineData("2027-03-10T13:59:59Z", "3", "14:Collapsed")]
    [InlineData("2027-03-10T14:00:00Z", "", "14:Missed 3:Missed")]
    [InlineData("2027-06-01T00:00:00Z", "", "14:Missed 3:Missed")]
    public void After_downtime_the_newest_step_is_sent_while_an_order_is_possible_and_every_skip_is_recorded(
        string now, string sent, string skipped)
    {
        OccasionBook woken = Book.Woken(Books.At(now));

        Assert.Equal(sent, string.Join(' ', woken.Sent().Select(due => due.LeadDays)));
        Assert.Equal(skipped, Skips(woken));
        Assert.Equal(sent, string.Join(' ', woken.History(OccasionBook.RemindedRow).Select(row => row.Step.LeadDays)));
        Assert.True(woken.NextDue > Books.At(now));
    }

    [Fact]
    public void Fourteen_months_of_downtime_leave_a_record_of_each_year_and_one_reminder_of_the_present()
    {
        OccasionBook woken = Book.Woken(Books.At("2028-03-01T00:00:00Z"));

        Assert.Equal("14:Missed 3:Missed", Skips(woken));
        Assert.Equal("anna:b:2028:14", Assert.Single(woken.Sent()).OccurrenceKey);
        Assert.Equal(Books.At("2028-03-07T09:00:00Z"), woken.NextDue);
    }

    [Fact]
    public void An_occasion_that_is_added_late_does_not_make_up_for_steps_that_have_passed()
    {
        OccasionBook book = Books.Empty.With("b", Books.MumsBirthday, Books.At("2027-03-01T10:00:00Z"));

        Assert.Equal(Books.At("2027-03-07T09:00:00Z"), book.NextDue);
        Assert.Empty(book.Woken(Books.At("2027-03-01T10:00:01Z")).Effects.Rows);
    }

    [Fact]
    public void Nobody_is_reminded_of_what_is_ordered()
    {
        RecordOrder order = new(
            new OrderId("o1"), Books.Mum.Id, Books.Day("2027-03-09"), OccasionCategory.Birthday, Sympathy: false);
        OccasionBook book = Book.Apply(OccasionRules.RecordOrder(Book, order, NewYear));

        OccasionBook woken = book.Woken(Books.At("2027-03-07T09:00:00Z"));

        Assert.Empty(woken.Sent());
        Assert.Equal("14:AlreadyOrdered 3:AlreadyOrdered", Skips(woken));
    }

    [Fact]
    public void A_changed_day_is_not_reminded_of_twice_in_a_year()
    {
        OccasionBook reminded = Book.Woken(Books.At("2027-02-24T09:00:00Z"));
        ChangeOccasion later = new(
            null, new("b"), null, Books.MumsBirthday with { Day = new FixedDay { Month = 3, Day = 20 } }, ["date"]);

        OccasionBook changed = Books.Succeed(
            OccasionRules.Change(reminded, later, Books.Anna, Books.At("2027-02-25T09:00:00Z")), reminded);

        Assert.Equal(Books.At("2027-03-17T09:00:00Z"), changed.NextDue);
    }

    [Fact]
    public void A_customer_who_moves_west_and_back_is_reminded_once()
    {
        OccasionBook west = Book.Apply(OccasionRules.Follow(
            Book, Books.Anna with { TimeZone = "America/New_York", Revision = 2 }, NewYear));
        OccasionBook reminded = west.Woken(Books.At("2027-02-24T14:00:00Z"));
        OccasionBook back = reminded.Apply(OccasionRules.Follow(
            reminded, Books.Anna with { Revision = 3 }, Books.At("2027-02-24T15:00:00Z")));

        Assert.Equal(Books.At("2027-02-24T14:00:00Z"), west.NextDue);
        Assert.Single(reminded.Sent());
        Assert.Equal(Books.At("2027-03-07T09:00:00Z"), back.NextDue);
    }

    [Fact]
    public void A_step_that_moving_east_puts_into_the_past_is_sent_late_and_not_lost()
    {
        OccasionBook west = Book.Apply(OccasionRules.Follow(
            Book, Books.Anna with { TimeZone = "America/New_York", Revision = 2 }, NewYear));
        OccasionBook east = west.Apply(OccasionRules.Follow(
            west, Books.Anna with { TimeZone = "Asia/Tokyo", Revision = 3 }, Books.At("2027-02-24T12:00:00Z")));

        Assert.Equal(
            "anna:b:2027:14", Assert.Single(east.Woken(Books.At("2027-02-24T12:00:01Z")).Sent()).OccurrenceKey);
    }

    [Fact]
    public void A_hundred_occasions_of_greatest_length_leave_the_state_small()
    {
        OccasionBook book = Books.Empty;
        for (int i = 0; i < OccasionLimits.OccasionsPerCustomerMax; i++)
        {
            book = book.With($"occasion-of-usual-{i:00}", Books.MumsBirthday with
            {
                Title = new string('ü', OccasionLimits.TitleLengthMax),
                LeadDays = [60, 45, 30, 1],
            }, NewYear);
        }

        for (int i = 0; i < 1000; i++)
        {
            RecordOrder order = new(
                new OrderId($"order-of-usual-{i:0000}"),
                Books.Mum.Id,
                Books.Day("2027-03-09"),
                OccasionCategory.Birthday,
                Sympathy: false);
            book = book.Apply(OccasionRules.RecordOrder(book, order, NewYear));
        }

        Assert.InRange(FloristJson.WriteBytes(book).Length, 1, 16 * 1024);
        Assert.All(
            book.Effects.Rows, row => Assert.InRange(row.Values[0].Value.Text?.Length ?? 0, 1, 2048));
    }

    private static ImmutableSortedDictionary<DayOfWeek, TimeOnly> Only(DayOfWeek day) =>
        ImmutableSortedDictionary<DayOfWeek, TimeOnly>.Empty.Add(day, new TimeOnly(14, 0));

    private static string Skips(OccasionBook book) => string.Join(
        ' ', book.History(OccasionBook.SkipRow).Select(row => $"{row.Step.LeadDays}:{row.Skipped}"));
}
