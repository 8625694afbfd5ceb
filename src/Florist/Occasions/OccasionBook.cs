using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;
using Florist.Orders;

namespace Florist.Occasions;

/// <summary>
/// A customer's occasions. Each occasion is a child row of its own, because a hundred of them outgrow one state; what
/// was reminded of and what was skipped are child rows too, which nothing but a report reads.
/// </summary>
internal sealed record OccasionBook : IDurableState<OccasionBook>
{
    public const string OccasionRow = "occasion";
    public const string RemindedRow = "reminded";
    public const string SkipRow = "skip";

    /// <summary>IANA zone of the customer.</summary>
    public string TimeZone { get; init; } = "Etc/UTC";

    /// <summary>The customer's revision that zone and recipients were taken from.</summary>
    public long CustomerRevision { get; init; }

    /// <summary>True while the customer is deleted.</summary>
    public bool Silent { get; init; }

    /// <summary>Lead times of occasions without their own.</summary>
    public ImmutableArray<int> LeadDays { get; init; } = OccasionLimits.LeadDaysDefault;

    /// <summary>Grows with every change of <see cref="LeadDays"/>.</summary>
    public long SettingsRevision { get; init; } = 1;

    /// <summary>What is ordered around now, oldest delivery first; see <see cref="OrderedDelivery"/>.</summary>
    public ImmutableArray<OrderedDelivery> Ordered { get; init; } = [];

    /// <summary>Whose occasions these are.</summary>
    [JsonIgnore]
    public CustomerId Customer { get; init; }

    /// <summary>The shop's side of the schedule.</summary>
    [JsonIgnore]
    public ReminderPolicy Policy { get; init; } = ReminderPolicy.Default;

    /// <summary>Read from the child rows when the grain awakes.</summary>
    [JsonIgnore]
    public ImmutableSortedDictionary<string, Occasion> Occasions { get; init; } =
        ImmutableSortedDictionary.Create<string, Occasion>(StringComparer.Ordinal);

    [JsonIgnore]
    public Answered Answered { get; init; } = Answered.None;

    [JsonIgnore]
    public Effects Effects { get; init; } = Effects.None;

    [JsonIgnore]
    public DateTimeOffset? NextDue => ReminderSchedule.NextDue(this);

    [JsonIgnore]
    public WakeClass WakeClass => WakeClass.Occasion;

    public OccasionBook With(Effects effects) => this with { Effects = effects };

    public Occasion? Find(OccasionId id) => Occasions.GetValueOrDefault(id.Value);

    public OccasionBook Apply(IOccasionChange change) => change switch
    {
        OccasionPut put => Put(put.Occasion),
        OccasionRemoved removed => this with
        {
            Occasions = Occasions.Remove(removed.Id.Value),
            Effects = Effects.Put(RowChange.DeleteChild(OccasionRow, removed.Id.Value)),
        },
        ReminderSettled settled => Settled(settled),
        SettingsChanged changed => this with { LeadDays = changed.LeadDays, SettingsRevision = SettingsRevision + 1 },
        CustomerFollowed followed => this with
        {
            TimeZone = followed.TimeZone,
            CustomerRevision = followed.Revision,
            Silent = followed.Deleted,
        },
        OrdersNoted noted => this with { Ordered = noted.Ordered },
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "a change that is not applied"),
    };

    public OccasionBook Apply(IEnumerable<IOccasionChange> changes) =>
        changes.Aggregate(this, (book, change) => book.Apply(change));

    private OccasionBook Put(Occasion occasion) => this with
    {
        Occasions = Occasions.SetItem(occasion.Id.Value, occasion),
        Effects = Effects.Put(RowChange.PutChild(OccasionRow, occasion.Id.Value, FloristJson.Write(occasion))),
    };

    private OccasionBook Settled(ReminderSettled settled)
    {
        Occasion occasion = Occasions[settled.Step.Occasion.Value];
        OccasionBook next = Put(occasion with
        {
            SettledYears = occasion.SettledYears.SetItem(settled.Step.LeadDays, settled.Step.Date.Year),
        });
        string kind = settled.Skipped is null ? RemindedRow : SkipRow;
        string row = $"{settled.Step.Occasion}:{settled.Step.Date.Year:0000}:{settled.Step.LeadDays:00}";
        Effects effects = next.Effects.Put(RowChange.PutChild(kind, row, FloristJson.Write(settled)));
        return next with
        {
            Effects = settled.Message is { } due
                ? effects.Send(OutboxMessage.Of(
                    OccasionsTopics.ReminderDue, due.OccurrenceKey, due, OutboxClass.Occasion)
                    with
                { ExpiresAt = due.ExpiresAt })
                : effects,
        };
    }
}

/// <summary>Flowers that are on their way to somebody, so that nobody is reminded to order them.</summary>
internal sealed record OrderedDelivery
{
    public OrderId Order { get; init; }

    public RecipientId? Recipient { get; init; }

    public DateOnly DeliveryOn { get; init; }

    /// <summary>What they are given for; null when not told.</summary>
    public OccasionCategory? Category { get; init; }

    /// <summary>
    /// True when they will not be delivered after all; kept because the order's events may come in any order.
    /// </summary>
    public bool Cancelled { get; init; }
}

/// <summary>Something that happened to a customer's occasions.</summary>
internal interface IOccasionChange;

/// <summary>An occasion was added or is different now.</summary>
internal sealed record OccasionPut(Occasion Occasion) : IOccasionChange;

internal sealed record OccasionRemoved(OccasionId Id) : IOccasionChange;

internal sealed record SettingsChanged(ImmutableArray<int> LeadDays) : IOccasionChange;

internal sealed record CustomerFollowed(string TimeZone, bool Deleted, long Revision) : IOccasionChange;

internal sealed record OrdersNoted(ImmutableArray<OrderedDelivery> Ordered) : IOccasionChange;

/// <summary>A step of the schedule is behind us. Stored as the history of the step.</summary>
/// <param name="Step">Which step.</param>
/// <param name="At">When it was decided.</param>
/// <param name="Skipped">Why nothing was said; null when the reminder was sent.</param>
internal sealed record ReminderSettled(ReminderStep Step, DateTimeOffset At, SkipReason? Skipped) : IOccasionChange
{
    /// <summary>What is sent; null when nothing is.</summary>
    [JsonIgnore]
    public ReminderDue? Message { get; init; }
}

/// <summary>Why a step of the schedule was skipped.</summary>
internal enum SkipReason
{
    /// <summary>It came so late that nobody could order for that day any more.</summary>
    Missed,

    /// <summary>A later step of the same occurrence was due as well, and one reminder is enough.</summary>
    Collapsed,

    /// <summary>Flowers for that day are ordered.</summary>
    AlreadyOrdered,
}
