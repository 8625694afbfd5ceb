using System.Collections.Immutable;
using System.Globalization;
using Florist.Kernel;

namespace Florist.Occasions;

/// <summary>One reminder of one occurrence.</summary>
/// <param name="Occasion">Of which occasion.</param>
/// <param name="Date">The civil day of the occurrence.</param>
/// <param name="LeadDays">Which of the lead times.</param>
/// <param name="DueAt">When it leaves.</param>
/// <param name="CutOff">The last instant to order for that day.</param>
internal sealed record ReminderStep(
    OccasionId Occasion, DateOnly Date, int LeadDays, DateTimeOffset DueAt, DateTimeOffset CutOff);

/// <summary>
/// What is due at an instant, and when to wake next. Each pair of occurrence and lead time is a step. Steps of one lead
/// time are settled in order, year by year, and a settled year never comes back: so no step fires twice whatever
/// clocks, wake-ups and zones do, and none is passed over without a record.
/// </summary>
internal static class ReminderSchedule
{
    /// <summary>When the earliest step that is not settled is due; null when nothing is ever due.</summary>
    public static DateTimeOffset? NextDue(OccasionBook book)
    {
        DateTimeOffset? next = null;
        foreach (Occasion occasion in Speaking(book))
        {
            foreach (int leadDays in LeadDaysOf(book, occasion))
            {
                if (Steps(book, occasion, leadDays).FirstOrDefault() is { } step && (next is null || step.DueAt < next))
                {
                    next = step.DueAt;
                }
            }
        }

        return next;
    }

    /// <summary>
    /// Settles every step that is due: the newest of an occurrence is sent while it is of use, all others skipped.
    /// </summary>
    public static ImmutableArray<ReminderSettled> Due(OccasionBook book, DateTimeOffset now) =>
    [
        .. Speaking(book).SelectMany(occasion => LeadDaysOf(book, occasion)
            .SelectMany(leadDays => Steps(book, occasion, leadDays).TakeWhile(step => step.DueAt <= now))
            .GroupBy(step => step.Date)
            .OrderBy(occurrence => occurrence.Key)
            .SelectMany(occurrence => occurrence
                .OrderByDescending(step => step.LeadDays)
                .Select(step => Decide(book, occasion, step, occurrence.Min(other => other.LeadDays), now)))),
    ];

    /// <summary>The steps that are not settled and due before an instant, earliest first.</summary>
    public static ImmutableArray<ReminderStep> Upcoming(OccasionBook book, DateTimeOffset until) =>
    [
        .. Speaking(book)
            .SelectMany(occasion => LeadDaysOf(book, occasion)
                .SelectMany(leadDays => Steps(book, occasion, leadDays).TakeWhile(step => step.DueAt < until)))
            .OrderBy(step => step.DueAt)
            .ThenBy(step => step.Occasion.Value, StringComparer.Ordinal)
            .ThenByDescending(step => step.LeadDays),
    ];

    /// <summary>
    /// The occasion with every step settled that is due by now, none of them sent: for an occasion whose schedule
    /// begins now or is another from now on.
    /// </summary>
    public static Occasion BeginningAt(OccasionBook book, Occasion occasion, DateTimeOffset now)
    {
        foreach (int leadDays in LeadDaysOf(book, occasion))
        {
            ReminderStep? last = Steps(book, AtLeast(occasion, leadDays, now.Year - 1), leadDays)
                .TakeWhile(step => step.DueAt <= now)
                .LastOrDefault();
            occasion = AtLeast(occasion, leadDays, last?.Date.Year ?? (now.Year - 1));
        }

        return occasion;
    }

    /// <summary>The key of a step's reminder, the same whenever and however often it is computed.</summary>
    public static string KeyOf(OccasionBook book, ReminderStep step) => string.Create(
        CultureInfo.InvariantCulture, $"{book.Customer}:{step.Occasion}:{step.Date.Year:0000}:{step.LeadDays}");

    private static Occasion AtLeast(Occasion occasion, int leadDays, int year) =>
        occasion.SettledYears.TryGetValue(leadDays, out int settled) && settled >= year
            ? occasion
            : occasion with { SettledYears = occasion.SettledYears.SetItem(leadDays, year) };

    private static IEnumerable<Occasion> Speaking(OccasionBook book) =>
        book.Silent ? [] : book.Occasions.Values.Where(occasion => occasion.Muted is null);

    private static ImmutableArray<int> LeadDaysOf(OccasionBook book, Occasion occasion) =>
        occasion.Details.LeadDays.IsEmpty ? book.LeadDays : occasion.Details.LeadDays;

    private static IEnumerable<ReminderStep> Steps(OccasionBook book, Occasion occasion, int leadDays)
    {
        int settled = occasion.SettledYears.GetValueOrDefault(leadDays, occasion.CreatedAt.Year - 1);
        return Occurrences.From(occasion.Details.Day, settled + 1)
            .Select(date => StepOf(book, occasion, date, leadDays));
    }

    private static ReminderStep StepOf(OccasionBook book, Occasion occasion, DateOnly date, int leadDays)
    {
        DateTimeOffset cutOff = book.Policy.CutOff(date);
        string zone = occasion.Details.TimeZone ?? book.TimeZone;
        TimeSpan spread = Spread(book, occasion.Id, date.Year, leadDays);
        DateOnly day = date.AddDays(-leadDays);
        DateTimeOffset due = DueOn(day);

        // West of the shop, and before a day without delivery, the morning can be too late to order: then a day
        // earlier.
        while (due >= cutOff)
        {
            day = day.AddDays(-1);
            due = DueOn(day);
        }

        return new ReminderStep(occasion.Id, date, leadDays, due, cutOff);

        DateTimeOffset DueOn(DateOnly on) => book.Policy.Instant(on, book.Policy.WindowStart, zone) + spread;
    }

    private static TimeSpan Spread(OccasionBook book, OccasionId occasion, int year, int leadDays)
    {
        ulong window = (ulong)book.Policy.Window.TotalSeconds;
        return window == 0
            ? TimeSpan.Zero
            : TimeSpan.FromSeconds(StableHash.Of($"{book.Customer}:{occasion}:{year}:{leadDays}") % window);
    }

    private static ReminderSettled Decide(
        OccasionBook book, Occasion occasion, ReminderStep step, int newestLeadDays, DateTimeOffset now)
    {
        CatchUp late = CatchUpRules.Decide(CatchUpKind.OccasionReminder, new CatchUpFacts
        {
            DueAt = step.DueAt,
            Now = now,
            UselessFrom = step.CutOff,
            Superseded = step.LeadDays > newestLeadDays,
        });
        SkipReason? skipped =
            late == CatchUp.Missed ? SkipReason.Missed
            : AlreadyOrdered.For(book.Ordered, occasion, step.Date) ? SkipReason.AlreadyOrdered
            : late == CatchUp.Collapsed ? SkipReason.Collapsed
            : null;
        return new ReminderSettled(step, now, skipped)
        {
            Message = skipped is null ? MessageOf(book, occasion, step) : null,
        };
    }

    private static ReminderDue MessageOf(OccasionBook book, Occasion occasion, ReminderStep step) => new()
    {
        CustomerId = book.Customer,
        OccasionId = occasion.Id,
        RecipientId = occasion.Details.Recipient,
        RecipientGivenName = occasion.RecipientGivenName,
        Kind = occasion.Details.Kind,
        Category = occasion.Details.Category,
        Title = occasion.Details.Title,
        Date = step.Date,
        Years = YearsAt(occasion, step.Date),
        LeadDays = step.LeadDays,
        OccurrenceKey = KeyOf(book, step),
        TimeZone = occasion.Details.TimeZone ?? book.TimeZone,
        ExpiresAt = step.CutOff,
    };

    /// <summary>
    /// How many years after the first an occurrence is; null when the first year is not known, or is that year.
    /// </summary>
    public static int? YearsAt(Occasion occasion, DateOnly date) =>
        occasion.Details.FirstYear is { } first && date.Year > first ? date.Year - first : null;
}
