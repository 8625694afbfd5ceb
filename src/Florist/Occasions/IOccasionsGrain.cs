using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;
using Florist.Orders;
using Orleans;

namespace Florist.Occasions;

/// <summary>
/// The occasions of one customer and their reminders. Key: the customer id. Whether the customer exists is for the
/// caller to know; an unknown customer simply has no occasions.
/// </summary>
public interface IOccasionsGrain : IGrainWithStringKey
{
    /// <summary>Adds an occasion. Safe to repeat with the same request id.</summary>
    /// <returns>
    /// The occasion; Invalid for a day in no year, an unknown recipient and the like; TooMany at 100.
    /// </returns>
    Task<Outcome<OccasionView>> Add(AddOccasion command, CustomerFacts customer);

    /// <summary>Changes the named fields of an occasion. Safe to repeat with the same request id.</summary>
    /// <returns>The occasion; NotFound; <see cref="Fault.Stale"/>; Invalid when it would not hold together.</returns>
    Task<Outcome<OccasionView>> Change(ChangeOccasion command, CustomerFacts customer);

    /// <summary>
    /// Removes an occasion for good; its id is not used again. Safe to repeat with the same request id.
    /// </summary>
    /// <returns>Nothing; NotFound; <see cref="Fault.Stale"/>.</returns>
    Task<Outcome<Done>> Remove(RemoveOccasion command);

    /// <summary>Silences an occasion. Safe to repeat, also without a request id.</summary>
    /// <returns>The occasion; NotFound; <see cref="Fault.Stale"/>.</returns>
    Task<Outcome<OccasionView>> Mute(MuteOccasion command);

    /// <summary>Ends the silence; steps that have passed meanwhile are not made up for. Safe to repeat.</summary>
    /// <returns>
    /// The occasion; NotFound; <see cref="Fault.Stale"/>; a refusal <c>MUTED_FOR_GOOD</c> when the recipient has died
    /// or the occasion is about a death.
    /// </returns>
    Task<Outcome<OccasionView>> Unmute(UnmuteOccasion command);

    /// <summary>An occasion.</summary>
    /// <returns>The occasion; NotFound.</returns>
    Task<Outcome<OccasionView>> Get(OccasionId id);

    /// <summary>All occasions, in ordinal order of ids.</summary>
    Task<ImmutableArray<OccasionView>> List();

    /// <summary>How the customer wants to be reminded.</summary>
    Task<ReminderSettings> Settings();

    /// <summary>Changes how the customer wants to be reminded. Safe to repeat with the same request id.</summary>
    /// <returns>The settings; <see cref="Fault.Stale"/>; Invalid.</returns>
    Task<Outcome<ReminderSettings>> ChangeSettings(ChangeReminderSettings command);

    /// <summary>
    /// The reminders that would be sent if nothing changed, earliest first: by the code that sends them.
    /// </summary>
    /// <param name="until">Only those due before this instant.</param>
    /// <param name="page">Which of them; at most <see cref="PageRequest.Size"/>.</param>
    Task<Page<UpcomingReminder>> Upcoming(DateTimeOffset until, PageRequest page);

    /// <summary>Takes over what changed about the customer; writes nothing when nothing did. Safe to repeat.</summary>
    Task Follow(CustomerFacts customer);

    /// <summary>Remembers a confirmed order, so that nobody is reminded of what is ordered. Safe to repeat.</summary>
    Task RecordOrder(RecordOrder command);

    /// <summary>
    /// Forgets an order that will not be carried out. Safe to repeat, and before the order was recorded.
    /// </summary>
    Task ForgetOrder(OrderId order, DateOnly deliveryOn);

    /// <summary>Removes everything: the customer's data are gone. Safe to repeat.</summary>
    Task Purge();
}

/// <summary>Adds an occasion.</summary>
/// <param name="RequestId">Tells a repeat from a second request; null promises nothing about repeats.</param>
/// <param name="Details">What the customer says about it.</param>
public sealed record AddOccasion(string? RequestId, OccasionDetails Details);

/// <summary>Changes fields of an occasion.</summary>
/// <param name="RequestId">As in <see cref="AddOccasion"/>.</param>
/// <param name="Id">Which.</param>
/// <param name="Etag">The version the caller decided on; null accepts any.</param>
/// <param name="Values">The new values; only those of <paramref name="Paths"/> are looked at.</param>
/// <param name="Paths">Known paths of the <c>Occasion</c> message.</param>
public sealed record ChangeOccasion(
    string? RequestId, OccasionId Id, string? Etag, OccasionDetails Values, ImmutableArray<string> Paths);

/// <summary>Removes an occasion.</summary>
/// <param name="RequestId">As in <see cref="AddOccasion"/>.</param>
/// <param name="Id">Which.</param>
/// <param name="Etag">As in <see cref="ChangeOccasion"/>.</param>
public sealed record RemoveOccasion(string? RequestId, OccasionId Id, string? Etag);

/// <summary>Silences an occasion at the customer's wish.</summary>
/// <param name="RequestId">As in <see cref="AddOccasion"/>.</param>
/// <param name="Id">Which.</param>
/// <param name="Etag">As in <see cref="ChangeOccasion"/>.</param>
public sealed record MuteOccasion(string? RequestId, OccasionId Id, string? Etag);

/// <summary>Ends the silence of an occasion.</summary>
/// <param name="RequestId">As in <see cref="AddOccasion"/>.</param>
/// <param name="Id">Which.</param>
/// <param name="Etag">As in <see cref="ChangeOccasion"/>.</param>
public sealed record UnmuteOccasion(string? RequestId, OccasionId Id, string? Etag);

/// <summary>Changes how a customer wants to be reminded.</summary>
/// <param name="RequestId">As in <see cref="AddOccasion"/>.</param>
/// <param name="Etag">As in <see cref="ChangeOccasion"/>.</param>
/// <param name="LeadDays">Lead times of occasions without their own; empty for the shop's default.</param>
public sealed record ChangeReminderSettings(string? RequestId, string? Etag, ImmutableArray<int> LeadDays);

/// <summary>A confirmed order, as far as reminders care.</summary>
/// <param name="Order">The order.</param>
/// <param name="Recipient">Who receives; null for an address given once.</param>
/// <param name="DeliveryOn">The civil day of delivery.</param>
/// <param name="Category">What it is given for; null when not told.</param>
/// <param name="Sympathy">True for sympathy and funeral orders: the recipient's occasions fall silent.</param>
public sealed record RecordOrder(
    OrderId Order, RecipientId? Recipient, DateOnly DeliveryOn, OccasionCategory? Category, bool Sympathy);

/// <summary>How a customer wants to be reminded.</summary>
/// <param name="LeadDays">Lead times of occasions without their own, longest first.</param>
/// <param name="Revision">Grows by one with every change.</param>
public sealed record ReminderSettings(ImmutableArray<int> LeadDays, long Revision);

/// <summary>An occasion with what its next occurrence is.</summary>
/// <param name="Occasion">The occasion.</param>
/// <param name="NextOn">The next occurrence, today included; null when the calendar ends before it.</param>
public sealed record OccasionView(Occasion Occasion, DateOnly? NextOn);

/// <summary>A reminder that would be sent if nothing changed.</summary>
/// <param name="OccasionId">Of which occasion.</param>
/// <param name="Date">Of which day.</param>
/// <param name="LeadDays">Which of the lead times.</param>
/// <param name="DueAt">When it leaves.</param>
/// <param name="ExpiresAt">The last instant to order for that day.</param>
/// <param name="Ordered">True when flowers for that day are ordered, so that the reminder will not be sent.</param>
public sealed record UpcomingReminder(
    OccasionId OccasionId, DateOnly Date, int LeadDays, DateTimeOffset DueAt, DateTimeOffset ExpiresAt, bool Ordered);

/// <summary>What reminders need to know about the customer, as it was at one revision.</summary>
public sealed record CustomerFacts
{
    /// <summary>The customer's revision; facts of an older one are ignored.</summary>
    public long Revision { get; init; }

    /// <summary>IANA zone whose civil time is the customer's.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>True while the customer is deleted: nothing is said.</summary>
    public bool Deleted { get; init; }

    /// <summary>Everybody the customer sends to.</summary>
    public ImmutableArray<RecipientFacts> Recipients { get; init; } = [];

    /// <summary>A recipient; null when the customer has none of that id.</summary>
    public RecipientFacts? Find(RecipientId? id) => Recipients.FirstOrDefault(recipient => recipient.Id == id);

    /// <summary>These facts; a refusal <c>CUSTOMER_DELETED</c> while the customer is deleted.</summary>
    /// <param name="customer">Whose they are.</param>
    public Outcome<CustomerFacts> Undeleted(CustomerId customer) => Deleted
        ? Fault.Refused("CUSTOMER_DELETED", $"{customer.Name} is deleted").With("name", customer.Name)
        : this;

    /// <summary>The facts in a customer's view.</summary>
    public static CustomerFacts Of(CustomerView customer) => new()
    {
        Revision = customer.Revision,
        TimeZone = customer.TimeZone,
        Deleted = customer.DeletedAt is not null,
        Recipients = [.. customer.Recipients.Select(recipient =>
            new RecipientFacts(recipient.Id, recipient.GivenName, recipient.Deceased))],
    };
}

/// <summary>What reminders need to know about a recipient.</summary>
/// <param name="Id">Who.</param>
/// <param name="GivenName">Given name; may be empty.</param>
/// <param name="Deceased">True when the recipient has died.</param>
public sealed record RecipientFacts(RecipientId Id, string GivenName, bool Deceased);
