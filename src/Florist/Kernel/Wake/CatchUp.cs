namespace Florist.Kernel;

/// <summary>What falls due, as far as being late with it is concerned.</summary>
public enum CatchUpKind
{
    /// <summary>An order's cut-off, its expiry, the breach of a promise.</summary>
    Deadline,

    /// <summary>The expiry of a payment or of a hold on stock.</summary>
    PaymentExpiry,

    /// <summary>News of an order's state.</summary>
    OrderNotice,

    /// <summary>A step of an occasion's reminders.</summary>
    OccasionReminder,

    /// <summary>A survey after a delivery.</summary>
    Survey,

    /// <summary>Marketing.</summary>
    Marketing,
}

/// <summary>What is known of something that is due.</summary>
public sealed record CatchUpFacts
{
    /// <summary>When it was due.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>The present.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>
    /// From when on it is of no use: for a reminder, the last instant to order for that day; for news of an order, two
    /// hours after it happened unless the customer may have to act on it. Null for never.
    /// </summary>
    public DateTimeOffset? UselessFrom { get; init; }

    /// <summary>True when something newer says the same or more: later news, or a later step of the same day.</summary>
    public bool Superseded { get; init; }

    /// <summary>IANA zone of the customer, for what belongs to one day.</summary>
    public string TimeZone { get; init; } = "Etc/UTC";

    /// <summary>True when the customer's quiet hours forbid it now.</summary>
    public bool Quiet { get; init; }
}

/// <summary>What to do with something that is due.</summary>
public enum CatchUp
{
    /// <summary>Do it.</summary>
    Run,

    /// <summary>Skip it, on record: it is too late to be of use.</summary>
    Missed,

    /// <summary>Skip it, on record: something newer takes its place.</summary>
    Collapsed,
}

/// <summary>
/// What is still done when it is late, after a stop of a minute or of a year. Pure. Whoever skips writes a record of it
/// and counts it with <see cref="Count"/>; several periods that were missed are done once, not once each.
/// </summary>
public static class CatchUpRules
{
    /// <summary>A survey is sent so late.</summary>
    public static readonly TimeSpan SurveyLateMax = TimeSpan.FromDays(7);

    /// <summary>Decides about one thing that is due.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind has no rule.</exception>
    public static CatchUp Decide(CatchUpKind kind, CatchUpFacts facts)
    {
        TimeSpan late = facts.Now - facts.DueAt;
        bool useless = facts.Now >= facts.UselessFrom;
        return kind switch
        {
            // Somebody relies on them: always, in due order, whatever their age.
            CatchUpKind.Deadline or CatchUpKind.PaymentExpiry => CatchUp.Run,
            CatchUpKind.OrderNotice or CatchUpKind.OccasionReminder when useless => CatchUp.Missed,
            CatchUpKind.OrderNotice or CatchUpKind.OccasionReminder when facts.Superseded => CatchUp.Collapsed,
            CatchUpKind.OrderNotice or CatchUpKind.OccasionReminder => CatchUp.Run,
            CatchUpKind.Survey => useless || late > SurveyLateMax ? CatchUp.Missed : CatchUp.Run,
            CatchUpKind.Marketing => useless || facts.Quiet || !IsSameDay(facts) ? CatchUp.Missed : CatchUp.Run,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "a kind without a rule"),
        };
    }

    /// <summary>Counts something that was skipped because it was late, once its record is durable.</summary>
    public static void Count(CatchUpKind kind) => EngineMeter.Skipped(kind);

    private static bool IsSameDay(CatchUpFacts facts) =>
        Zones.Day(facts.DueAt, facts.TimeZone) == Zones.Day(facts.Now, facts.TimeZone);
}
