using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Kernel;
using Florist.Occasions;

namespace Florist.Tests.Occasions;

/// <summary>Years of wake-ups, late, doubled and lost ones, under clocks that step and zones that change.</summary>
public class ReminderSchedulePropertyTests
{
    private static readonly DateTimeOffset Begin = Books.At("2026-01-01T00:00:00Z");

    private static readonly ImmutableArray<string> TimeZones =
        ["Europe/London", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kathmandu", "Australia/Lord_Howe"];

    private static readonly ImmutableArray<int> LeadTimes = [1, 3, 14, 60];

    private static readonly ImmutableArray<YearlyDay> Days =
    [
        new FixedDay { Month = 3, Day = 10 },
        new FixedDay { Month = 1, Day = 2 },
        new FixedDay { Month = 2, Day = 29 },
        new FixedDay { Month = 2, Day = 29, LeapPolicy = LeapPolicy.Omit },
        new FixedDay { Month = 12, Day = 31 },
        new HolidayDay { Holiday = Holiday.MothersDay, Country = "GB" },
        new WeekdayOfMonth { Month = 5, Weekday = DayOfWeek.Sunday, Ordinal = 2 },
        new EasterDay { OffsetDays = 39 },
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Each_step_is_settled_exactly_once_in_order_and_none_is_lost(int seed)
    {
        Random random = new(seed);
        OccasionBook book = Books.Empty with { Policy = ReminderPolicy.Default };
        for (int i = 0; i < Days.Length; i++)
        {
            OccasionDetails details = Books.MumsBirthday with
            {
                Day = Days[i],
                FirstYear = null,
                LeadDays = [.. LeadTimes.Where(_ => random.Next(2) == 0)],
            };
            book = book.With($"o{i}", details, Begin);
        }

        List<ReminderSettled> history = [];
        DateTimeOffset now = Begin;
        DateTimeOffset latest = Begin;
        for (int round = 0; round < 600; round++)
        {
            now = NextNow(random, book, now);
            latest = now > latest ? now : latest;
            if (random.Next(20) == 0)
            {
                string zone = random.GetItems(TimeZones.AsSpan(), 1)[0];
                book = book.Apply(OccasionRules.Follow(
                    book, Books.Anna with { Revision = round + 2, TimeZone = zone }, now));
            }

            // Now and then a wake-up is lost after it was decided: nothing of it was committed.
            OccasionBook woken = book.Woken(now);
            if (random.Next(10) > 0)
            {
                history.AddRange(woken.History(OccasionBook.RemindedRow));
                history.AddRange(woken.History(OccasionBook.SkipRow));
                Assert.Equal(
                    woken.History(OccasionBook.RemindedRow).Length,
                    woken.Sent().Select(due => due.OccurrenceKey).Distinct().Count());
                Assert.True(woken.NextDue > now, $"seed {seed}: still due at {now:O}");
                book = woken;
            }
        }

        AssertSettledOnce(seed, history);
        AssertNothingLost(seed, book, history);
        Assert.True(history.Count(settled => settled.Skipped is null) > 20, $"seed {seed} sent nearly nothing");
        Assert.True(latest > Begin.AddYears(3), $"seed {seed} ended early");
    }

    // On time, late by up to months, early, or after the clock was put back.
    private static DateTimeOffset NextNow(Random random, OccasionBook book, DateTimeOffset now)
    {
        DateTimeOffset due = book.NextDue ?? now;
        return random.Next(10) switch
        {
            < 5 => due > now ? due : now,
            < 7 => due.AddHours(random.NextDouble() * 72),
            7 => due.AddDays(random.NextDouble() * 120),
            8 => now.AddHours(random.NextDouble() * 12),
            _ => now.AddDays(-random.NextDouble() * 400),
        };
    }

    private static void AssertSettledOnce(int seed, List<ReminderSettled> history)
    {
        IEnumerable<string> twice = history
            .GroupBy(settled => $"{settled.Step.Occasion} {settled.Step.Date.Year} {settled.Step.LeadDays}")
            .Where(step => step.Count() > 1)
            .Select(step => step.Key);
        Assert.True(!twice.Any(), $"seed {seed}: settled twice: {string.Join(", ", twice)}");
        Assert.All(
            history.Where(settled => settled.Skipped is null),
            settled => Assert.InRange(settled.At, settled.Step.DueAt, settled.Step.CutOff.AddTicks(-1)));
        Assert.All(
            history.Where(settled => settled.Skipped == SkipReason.Missed),
            settled => Assert.True(settled.At >= settled.Step.CutOff));
    }

    // What is settled is every occurrence from the first to the last: no year is passed over without a record.
    private static void AssertNothingLost(int seed, OccasionBook book, List<ReminderSettled> history)
    {
        foreach (IGrouping<(OccasionId Occasion, int LeadDays), ReminderSettled> steps in
            history.GroupBy(settled => (settled.Step.Occasion, settled.Step.LeadDays)))
        {
            Occasion occasion = book.Occasion(steps.Key.Occasion.Value);
            DateOnly first = steps.Min(settled => settled.Step.Date);
            DateOnly last = steps.Max(settled => settled.Step.Date);
            IEnumerable<DateOnly> expected =
                Occurrences.From(occasion.Details.Day, first.Year).TakeWhile(date => date <= last);
            Assert.Equal(expected, steps.Select(settled => settled.Step.Date).Order());
            Assert.Equal(last.Year, occasion.SettledYears[steps.Key.LeadDays]);
            Assert.True(first.Year <= 2028, $"seed {seed}: {steps.Key} began in {first.Year}");
        }
    }
}
