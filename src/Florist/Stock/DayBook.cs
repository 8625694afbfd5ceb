using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Florist.Kernel;

namespace Florist.Stock;

/// <summary>
/// A delivery day as its grain keeps it. The claims are child rows; how much they come to is counted when they are read
/// and with every change, so that counts and claims cannot disagree.
/// </summary>
internal sealed record DayBook : IDurableState<DayBook>
{
    /// <summary>Which day; null before anything was written.</summary>
    public DayKey? Key { get; init; }

    /// <summary>The day's own plan; null while it has that of the settings.</summary>
    public DayPlan? Plan { get; init; }

    /// <summary>Counted stems: how many there are, by id.</summary>
    public ImmutableSortedDictionary<string, int> OnHand { get; init; } = NoNumbers;

    /// <summary>Stems that may be promised beyond that, by id.</summary>
    public ImmutableSortedDictionary<string, int> ExtraStems { get; init; } = NoNumbers;

    /// <summary>Places that may be promised beyond the capacity, by slot.</summary>
    public ImmutableSortedDictionary<string, int> ExtraPlaces { get; init; } = NoNumbers;

    /// <summary>How many movements are on record.</summary>
    public long MovementCount { get; init; }

    /// <summary>Grows with every change by the shop.</summary>
    public long Revision { get; init; }

    /// <summary>When what is left perishes; null while nothing is counted, and afterwards.</summary>
    public DateTimeOffset? PerishesAt { get; init; }

    /// <summary>When the promises are to be compared with the orders; null while they are not.</summary>
    public DateTimeOffset? VerifyAt { get; init; }

    /// <summary>Who has what.</summary>
    [JsonIgnore]
    public Claims<PlaceAndStems> Claims { get; init; } = Claims<PlaceAndStems>.None;

    /// <summary>What the claims come to, by slot.</summary>
    [JsonIgnore]
    public ImmutableSortedDictionary<string, Taken> Places { get; init; } = NothingTaken;

    /// <summary>What the claims come to, by stem.</summary>
    [JsonIgnore]
    public ImmutableSortedDictionary<string, Taken> Stems { get; init; } = NothingTaken;

    /// <summary>The shop's commands that were answered already.</summary>
    [JsonIgnore]
    public Answered Answered { get; init; } = Answered.None;

    /// <inheritdoc/>
    [JsonIgnore]
    public Effects Effects { get; init; } = Effects.None;

    /// <inheritdoc/>
    [JsonIgnore]
    public DateTimeOffset? NextDue => Earliest(Claims.NextExpiry, Earliest(PerishesAt, VerifyAt));

    /// <inheritdoc/>
    ImmutableArray<RowChange> IHasEffects.Rows => Key is null ? Effects.Rows : Effects.Rows.Add(DayIndex.Row(this));

    private static ImmutableSortedDictionary<string, int> NoNumbers { get; } =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    private static ImmutableSortedDictionary<string, Taken> NothingTaken { get; } =
        ImmutableSortedDictionary.Create<string, Taken>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public DayBook With(Effects effects) => this with { Effects = effects };

    /// <summary>With the claims that were read.</summary>
    public DayBook WithClaims(Claims<PlaceAndStems> claims)
    {
        DayBook counted = this with { Claims = claims };
        foreach (Claim<PlaceAndStems> claim in claims.All)
        {
            counted = counted.Counted(claim, 1);
        }

        return counted;
    }

    /// <summary>With this claim in place of the one of its id.</summary>
    public DayBook Put(Claim<PlaceAndStems> claim)
    {
        DayBook without = Claims.Find(claim.Id) is { } present ? Counted(present, -1) : this;
        Effects effects = Effects;
        Claims<PlaceAndStems> claims = Claims.Put(claim, ref effects);
        return (without with { Claims = claims, Effects = effects }).Counted(claim, 1);
    }

    /// <summary>Without the claims that have expired.</summary>
    public DayBook Swept(DateTimeOffset now)
    {
        DayBook book = this;
        while (book.Claims.Expired(now) is { } expired)
        {
            Effects effects = book.Effects;
            Claims<PlaceAndStems> claims = book.Claims.Without(expired.Id, ref effects);
            book = (book with { Claims = claims, Effects = effects }).Counted(expired, -1);
        }

        return book;
    }

    /// <summary>With a movement on record.</summary>
    public DayBook Recorded(StockMovement movement)
    {
        StockMovement numbered = movement with { Number = MovementCount + 1 };
        return this with
        {
            MovementCount = numbered.Number,
            Effects = Effects.Put(RowChange.PutChild(
                MovementRows.Kind, MovementRows.Id(numbered.Number), FloristJson.Write(numbered))),
        };
    }

    /// <summary>The counts as they would be without what this order has.</summary>
    public DayBook Freed(string orderId) => Claims.Find(orderId) is { } present ? Counted(present, -1) : this;

    /// <summary>Places of a slot that are still to be had.</summary>
    public int FreePlaces(SlotPlan slot) => slot.Closed
        ? 0
        : slot.Capacity + ExtraPlaces.GetValueOrDefault(slot.Id) - Places.GetValueOrDefault(slot.Id, Taken.None).Total;

    /// <summary>Stems that are still to be had; null when they do not run out.</summary>
    public int? FreeStems(string stem, DayPlan plan) => OnHand.TryGetValue(stem, out int count)
        ? count + ExtraStems.GetValueOrDefault(stem) - Stems.GetValueOrDefault(stem, Taken.None).Total
        : plan.StemsCounted ? 0 : null;

    /// <summary>The day as others see it.</summary>
    public DeliveryDay View(DayKey key, DayPlan plan) => new()
    {
        Key = key,
        Plan = plan,
        IsPlanned = Plan is not null,
        Places = Places,
        ExtraPlaces = ExtraPlaces,
        Stems = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, OnHand.Select(stem =>
            KeyValuePair.Create(stem.Key, new StemCount(
                stem.Value,
                ExtraStems.GetValueOrDefault(stem.Key),
                Stems.GetValueOrDefault(stem.Key, Taken.None))))),
        Revision = Revision,
    };

    private DayBook Counted(Claim<PlaceAndStems> claim, int times)
    {
        if (claim.Content is not { } content)
        {
            return this;
        }

        ImmutableSortedDictionary<string, Taken> stems = Stems;
        foreach ((string stem, int count) in content.Stems)
        {
            stems = Add(stems, stem, claim.State, count * times);
        }

        return this with { Places = Add(Places, content.Slot, claim.State, times), Stems = stems };
    }

    private static ImmutableSortedDictionary<string, Taken> Add(
        ImmutableSortedDictionary<string, Taken> all, string key, ClaimState state, int count)
    {
        Taken before = all.GetValueOrDefault(key, Taken.None);
        Taken after = state == ClaimState.Committed
            ? before with { Committed = before.Committed + count }
            : before with { Held = before.Held + count };
        return after == Taken.None ? all.Remove(key) : all.SetItem(key, after);
    }

    private static DateTimeOffset? Earliest(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other < one ? other : one;
}

/// <summary>What an order has of a day.</summary>
internal sealed record PlaceAndStems
{
    /// <summary>Its slot.</summary>
    public string Slot { get; init; } = "";

    /// <summary>The window of its slot when it took it.</summary>
    public SlotWindow Window { get; init; } = new(TimeOnly.MinValue, TimeOnly.MaxValue);

    /// <summary>Its stems, summed up over all its lines.</summary>
    public ImmutableSortedDictionary<string, int> Stems { get; init; } =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);
}
