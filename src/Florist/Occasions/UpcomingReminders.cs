using System.Collections.Immutable;
using System.Globalization;
using Florist.Kernel;

namespace Florist.Occasions;

/// <summary>Pages of the reminders to come.</summary>
internal static class UpcomingReminders
{
    private const int DaysDefault = 365;
    private const int DaysMax = 731;

    /// <summary>Until when to look: a year from now unless asked otherwise, and at most two.</summary>
    public static Outcome<DateTimeOffset> Until(DateTimeOffset? asked, DateTimeOffset now) =>
        asked > now.AddDays(DaysMax)
            ? Fault.Invalid("end_time", "OUT_OF_RANGE", $"must be at most {DaysMax} days from now")
            : asked ?? now.AddDays(DaysDefault);

    public static Page<UpcomingReminder> Page(OccasionBook book, DateTimeOffset until, PageRequest page)
    {
        ImmutableArray<ReminderStep> steps = [.. ReminderSchedule.Upcoming(book, until)
            .SkipWhile(step => page.After is not null && string.CompareOrdinal(PlaceOf(step), page.After) <= 0)
            .Take(page.Size + 1)];
        string? next = steps.Length > page.Size ? PlaceOf(steps[page.Size - 1]) : null;
        return new([.. steps.Take(page.Size).Select(step => Of(book, step))], next);
    }

    // Sorts as the schedule does: by instant, occasion, and the longest lead time first.
    private static string PlaceOf(ReminderStep step) => string.Create(
        CultureInfo.InvariantCulture,
        $"{step.DueAt.UtcTicks:D19} {step.Occasion} {OccasionLimits.LeadDaysMax - step.LeadDays:00}");

    private static UpcomingReminder Of(OccasionBook book, ReminderStep step) => new(
        step.Occasion,
        step.Date,
        step.LeadDays,
        step.DueAt,
        step.CutOff,
        AlreadyOrdered.For(book.Ordered, book.Occasions[step.Occasion.Value], step.Date));
}
