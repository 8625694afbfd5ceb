using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;
using Florist.Orders;

namespace Florist.Occasions;

/// <summary>What may be done to a customer's occasions, and what comes of it.</summary>
internal static class OccasionRules
{
    public static Outcome<OccasionPut> Add(
        OccasionBook book, AddOccasion command, OccasionId id, CustomerFacts customer, DateTimeOffset now)
    {
        if (book.Occasions.Count >= OccasionLimits.OccasionsPerCustomerMax)
        {
            return Fault
                .TooMany("OCCASIONS_LIMIT", $"a customer can keep {OccasionLimits.OccasionsPerCustomerMax} occasions")
                .With("occasionsMax", $"{OccasionLimits.OccasionsPerCustomerMax}");
        }

        if (OccasionChecks.Check(command.Details, customer, now).Failed(out Fault? fault, out OccasionDetails? details))
        {
            return fault;
        }

        Occasion occasion = new() { Id = id, Details = details, CreatedAt = now, UpdatedAt = now };
        return new OccasionPut(ReminderSchedule.BeginningAt(book, InLightOf(customer, occasion), now));
    }

    public static Outcome<OccasionPut> Change(
        OccasionBook book, ChangeOccasion command, CustomerFacts customer, DateTimeOffset now)
    {
        if (Find(book, command.Id, command.Etag).Failed(out Fault? fault, out Occasion? occasion)
            || OccasionFields.Patch(occasion.Details, command.Values, command.Paths)
                .Failed(out fault, out OccasionDetails? patched)
            || OccasionChecks.Check(patched, customer, now).Failed(out fault, out OccasionDetails? details))
        {
            return fault;
        }

        Occasion changed = Touched(occasion, now) with { Details = details };
        return new OccasionPut(ReminderSchedule.BeginningAt(book, InLightOf(customer, changed), now));
    }

    public static Outcome<OccasionRemoved> Remove(OccasionBook book, RemoveOccasion command) =>
        Find(book, command.Id, command.Etag).Then<OccasionRemoved>(occasion => new OccasionRemoved(occasion.Id));

    public static Outcome<OccasionPut> Mute(OccasionBook book, MuteOccasion command, DateTimeOffset now) =>
        Find(book, command.Id, command.Etag).Then<OccasionPut>(occasion => new OccasionPut(
            occasion.Muted is null ? Touched(occasion, now) with { Muted = MuteReason.Asked } : occasion));

    public static Outcome<OccasionPut> Unmute(OccasionBook book, UnmuteOccasion command, DateTimeOffset now)
    {
        if (Find(book, command.Id, command.Etag).Failed(out Fault? fault, out Occasion? occasion))
        {
            return fault;
        }

        if (occasion.Muted == MuteReason.Deceased || occasion.Details.Category == OccasionCategory.Sympathy)
        {
            return Fault.Refused("MUTED_FOR_GOOD", "nobody is reminded of an occasion of loss")
                .With("name", occasion.Id.Name(book.Customer));
        }

        return new OccasionPut(occasion.Muted is null
            ? occasion
            : ReminderSchedule.BeginningAt(book, Touched(occasion, now) with { Muted = null }, now));
    }

    public static Outcome<ImmutableArray<IOccasionChange>> ChangeSettings(
        OccasionBook book, ChangeReminderSettings command, DateTimeOffset now)
    {
        if (!Etags.Matches(command.Etag, book.SettingsRevision))
        {
            return Fault.Stale($"{book.Customer.Name}/reminderSettings");
        }

        FieldChecks checks = new();
        ImmutableArray<int> leadDays =
            OccasionChecks.LeadDays(command.LeadDays, "reminder_settings.lead_days", checks);
        if (checks.Fault is { } fault)
        {
            return fault;
        }

        SettingsChanged changed = new(leadDays.IsEmpty ? OccasionLimits.LeadDaysDefault : leadDays);
        OccasionBook next = book.Apply(changed);
        return (ImmutableArray<IOccasionChange>)[changed, .. Begun(next, next.Occasions.Values, now)];
    }

    /// <summary>
    /// What is different for the occasions because of what is known of the customer; empty when nothing is.
    /// </summary>
    public static ImmutableArray<IOccasionChange> Follow(OccasionBook book, CustomerFacts customer, DateTimeOffset now)
    {
        if (customer.Revision < book.CustomerRevision)
        {
            return [];
        }

        ImmutableArray<IOccasionChange> puts = [.. book.Occasions.Values
            .Select(occasion => (Before: occasion, After: InLightOf(customer, occasion)))
            .Where(pair => pair.Before != pair.After)
            .Select(pair => new OccasionPut(Touched(pair.After, now)))];
        bool isSame = customer.TimeZone == book.TimeZone && customer.Deleted == book.Silent && puts.IsEmpty;
        if (isSame)
        {
            return [];
        }

        CustomerFollowed followed = new(customer.TimeZone, customer.Deleted, customer.Revision);
        ImmutableArray<IOccasionChange> changes = [followed, .. puts];

        // What fell due while the customer was deleted is not made up for.
        bool isBack = book.Silent && !customer.Deleted;
        OccasionBook next = book.Apply(changes);
        return isBack ? [.. changes, .. Begun(next, next.Occasions.Values, now)] : changes;
    }

    /// <summary>An order was confirmed; one of sympathy silences the recipient's occasions.</summary>
    public static ImmutableArray<IOccasionChange> RecordOrder(
        OccasionBook book, RecordOrder command, DateTimeOffset now)
    {
        OrderedDelivery ordered = new()
        {
            Order = command.Order,
            Recipient = command.Recipient,
            DeliveryOn = command.DeliveryOn,
            Category = command.Sympathy ? OccasionCategory.Sympathy : command.Category,
        };
        IEnumerable<IOccasionChange> muted = book.Occasions.Values
            .Where(occasion => command.Sympathy && command.Recipient is not null
                && occasion.Details.Recipient == command.Recipient && occasion.Muted is null)
            .Select(occasion => new OccasionPut(Touched(occasion, now) with { Muted = MuteReason.Sympathy }));
        return [.. Noted(book, ordered, now), .. muted];
    }

    public static ImmutableArray<IOccasionChange> ForgetOrder(
        OccasionBook book, OrderId order, DateOnly deliveryOn, DateTimeOffset now) =>
        Noted(book, new OrderedDelivery { Order = order, DeliveryOn = deliveryOn, Cancelled = true }, now);

    private static ImmutableArray<IOccasionChange> Noted(OccasionBook book, OrderedDelivery order, DateTimeOffset now)
    {
        DateOnly today = Zones.Day(now, book.TimeZone);
        ImmutableArray<OrderedDelivery> noted = AlreadyOrdered.Note(book.Ordered, order, today);
        return noted.SequenceEqual(book.Ordered) ? [] : [new OrdersNoted(noted)];
    }

    private static Outcome<Occasion> Find(OccasionBook book, OccasionId id, string? etag)
    {
        if (book.Find(id) is not { } occasion)
        {
            return Fault.NotFound(id.Name(book.Customer));
        }

        return Etags.Matches(etag, occasion.Revision) ? occasion : Fault.Stale(id.Name(book.Customer));
    }

    private static Occasion Touched(Occasion occasion, DateTimeOffset now) =>
        occasion with { Revision = occasion.Revision + 1, UpdatedAt = now };

    private static IEnumerable<OccasionPut> Begun(
        OccasionBook book, IEnumerable<Occasion> occasions, DateTimeOffset now) => occasions
            .Select(occasion => (Before: occasion, After: ReminderSchedule.BeginningAt(book, occasion, now)))
            .Where(pair => pair.Before != pair.After)
            .Select(pair => new OccasionPut(pair.After));

    // Silence that loss asks for comes by itself; it never goes by itself.
    private static Occasion InLightOf(CustomerFacts customer, Occasion occasion)
    {
        RecipientFacts? recipient = customer.Find(occasion.Details.Recipient);
        bool isRemoved = occasion.Details.Recipient is not null && recipient is null;
        MuteReason? muted =
            recipient is { Deceased: true } || occasion.Muted == MuteReason.Deceased ? MuteReason.Deceased
            : occasion.Details.Category == OccasionCategory.Sympathy ? MuteReason.Sympathy
            : occasion.Muted ?? (isRemoved ? MuteReason.RecipientRemoved : null);
        return occasion with
        {
            Muted = muted,
            RecipientGivenName = recipient is { GivenName.Length: > 0 } named ? named.GivenName : null,
            Details = isRemoved ? occasion.Details with { Recipient = null } : occasion.Details,
        };
    }
}
