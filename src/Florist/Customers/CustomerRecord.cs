using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Florist.Kernel;

namespace Florist.Customers;

/// <summary>
/// The stored state of a customer. Recipients and purchases are child rows: with them the state would outgrow its
/// limit. After a purge a tombstone stays, so that the id can never mean somebody else.
/// </summary>
internal sealed record CustomerRecord : IDurableState<CustomerRecord>
{
    /// <summary>Kind of the child rows that hold a <see cref="Customers.Recipient"/> each.</summary>
    public const string RecipientKind = "recipient";

    public CustomerProfile Profile { get; init; } = new();

    public CustomerTraits Traits { get; init; } = new();

    public long Revision { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    public DateTimeOffset? PurgeAt { get; init; }

    public DateTimeOffset? PurgedAt { get; init; }

    /// <summary>Read from the child rows at activation.</summary>
    [JsonIgnore]
    public ImmutableSortedDictionary<string, Recipient> Recipients { get; init; } =
        ImmutableSortedDictionary.Create<string, Recipient>(StringComparer.Ordinal);

    /// <summary>Read from the child rows at activation.</summary>
    [JsonIgnore]
    public Answered Answered { get; init; } = Answered.None;

    [JsonIgnore]
    public Effects Effects { get; init; } = Effects.None;

    /// <summary>There is a customer: created, and not purged.</summary>
    [JsonIgnore]
    public bool Exists => CreatedAt is not null && PurgedAt is null;

    [JsonIgnore]
    public DateTimeOffset? NextDue => PurgedAt is null ? PurgeAt : null;

    [JsonIgnore]
    public WakeClass WakeClass => WakeClass.Survey;

    public CustomerRecord With(Effects effects) => this with { Effects = effects };

    public CustomerRecord Apply(CustomerId id, CustomerChange change, DateTimeOffset now)
    {
        CustomerRecord next = change switch
        {
            ProfileSet set => this with { Profile = set.Profile },
            CustomerDeleted deleted => this with { DeletedAt = now, PurgeAt = deleted.PurgeAt },
            CustomerUndeleted => this with { DeletedAt = null, PurgeAt = null },
            RecipientSet set => WithRecipient(set.Recipient, now),
            RecipientRemoved removed => this with
            {
                Recipients = Recipients.Remove(removed.Id.Value),
                Effects = Effects.Put(RowChange.DeleteChild(RecipientKind, removed.Id.Value)),
            },
            PurchasesAdded added => this with
            {
                Profile = added.Profile,
                Traits = added.Traits,
                Effects = added.Purchases.Aggregate(Effects, (effects, one) => effects.Put(PurchaseHistory.Row(one))),
            },
            PurchaseWithdrawn withdrawn => this with
            {
                Traits = withdrawn.Traits,
                Effects = Effects.Put(PurchaseHistory.Row(withdrawn.Purchase)),
            },
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "a change that cannot be applied"),
        };
        next = next with { CreatedAt = CreatedAt ?? now, UpdatedAt = now, Revision = Revision + 1 };
        Effects effects = next.Effects.Put(CustomerIndex.Row(next.View(id)));
        return next with { Effects = change.IsAnnounced ? effects.Send(next.Announcement(id)) : effects };
    }

    /// <summary>What is left after a purge: when it happened, and nothing of the customer.</summary>
    public CustomerRecord Purged(CustomerId id, IEnumerable<RowChange> rows, DateTimeOffset now) => new()
    {
        Revision = Revision + 1,
        CreatedAt = CreatedAt,
        PurgedAt = now,
        Effects = rows.Aggregate(Effects.Put(CustomerIndex.Delete(id)), (effects, row) => effects.Put(row))
            .Send(OutboxMessage.Of(CustomersTopics.Purged, $"{CustomersTopics.Purged}/{id}", new CustomerPurged(id))),
    };

    public CustomerView View(CustomerId id) => new()
    {
        Id = id,
        GivenName = Profile.GivenName,
        FamilyName = Profile.FamilyName,
        Email = Profile.Email,
        Mobile = Profile.Mobile,
        Country = Profile.Country,
        LanguageCode = Profile.LanguageCode,
        TimeZone = Profile.TimeZone,
        Address = Profile.Address,
        Formality = Profile.Formality,
        BirthDate = Profile.BirthDate,
        Preferences = Profile.Preferences,
        Recipients = [.. Recipients.Values],
        Traits = Traits,
        Revision = Revision,
        CreatedAt = CreatedAt ?? default,
        UpdatedAt = UpdatedAt ?? default,
        DeletedAt = DeletedAt,
        PurgeAt = PurgeAt,
    };

    private CustomerRecord WithRecipient(Recipient recipient, DateTimeOffset now)
    {
        string key = recipient.Id.Value;
        Recipient kept = recipient with
        {
            Revision = Revision + 1,
            CreatedAt = Recipients.TryGetValue(key, out Recipient? earlier) ? earlier.CreatedAt : now,
            UpdatedAt = now,
        };
        return this with
        {
            Recipients = Recipients.SetItem(key, kept),
            Effects = Effects.Put(RowChange.PutChild(RecipientKind, key, FloristJson.Write(kept))),
        };
    }

    private OutboxMessage Announcement(CustomerId id) => OutboxMessage.Of(
        CustomersTopics.Changed,
        $"{CustomersTopics.Changed}/{id}/{Revision}",
        new CustomerChanged(id, Profile.TimeZone, Profile.LanguageCode, Revision, DeletedAt is not null));
}

/// <summary>Something that happened to a customer.</summary>
internal abstract record CustomerChange
{
    /// <summary>
    /// Others are told. They are not of purchases, of which an import makes thousands that change nobody's plans.
    /// </summary>
    public virtual bool IsAnnounced => true;
}

internal sealed record ProfileSet(CustomerProfile Profile) : CustomerChange;

internal sealed record CustomerDeleted(DateTimeOffset PurgeAt) : CustomerChange;

internal sealed record CustomerUndeleted : CustomerChange;

internal sealed record RecipientSet(Recipient Recipient) : CustomerChange;

internal sealed record RecipientRemoved(RecipientId Id) : CustomerChange;

internal sealed record PurchasesAdded(
    CustomerProfile Profile, CustomerTraits Traits, ImmutableArray<Purchase> Purchases) : CustomerChange
{
    public override bool IsAnnounced => false;
}

internal sealed record PurchaseWithdrawn(CustomerTraits Traits, Purchase Purchase) : CustomerChange
{
    public override bool IsAnnounced => false;
}
