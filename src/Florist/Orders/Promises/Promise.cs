using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Florist.Delivery;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>What was promised with an order, and how that stands.</summary>
public sealed record PromiseBook
{
    /// <summary>The promises by number, from 1.</summary>
    public ImmutableArray<Promise> Promises { get; init; } = [];

    /// <summary>Events published so far; <see cref="PromiseChanged.News"/> of the last.</summary>
    public long NewsCount { get; init; }

    /// <summary>When a promise has to be looked at; null for never.</summary>
    [JsonIgnore]
    public DateTimeOffset? NextDue => Promises.Select(promise => promise.LookAt).Min();

    /// <summary>The book with another version of a promise.</summary>
    public PromiseBook With(Promise promise) =>
        this with { Promises = Promises.SetItem(promise.Number - 1, promise) };
}

/// <summary>One promise, with the instant of everything that became of it.</summary>
public sealed record Promise
{
    /// <summary>Its number in the order, from 1.</summary>
    public int Number { get; init; } = 1;

    /// <summary>What was promised.</summary>
    public PromiseKind Kind { get; init; }

    /// <summary>The delivery that keeps it; null for a promise about the order as a whole.</summary>
    public DeliveryId? Delivery { get; init; }

    /// <summary>When it was given.</summary>
    public DateTimeOffset GivenAt { get; init; }

    /// <summary>Until when it is kept; null for one without a time.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>What endangers it now; null for nothing.</summary>
    public PromiseRisk? Risk { get; init; }

    /// <summary>When it was endangered first; null when it never was.</summary>
    public DateTimeOffset? AtRiskAt { get; init; }

    /// <summary>When the customer was told that we are sorry; null when not.</summary>
    public DateTimeOffset? ApologisedAt { get; init; }

    /// <summary>When it was broken; null when not.</summary>
    public DateTimeOffset? BreachedAt { get; init; }

    /// <summary>When it was kept; null when not.</summary>
    public DateTimeOffset? KeptAt { get; init; }

    /// <summary>When it was made good; null when not.</summary>
    public DateTimeOffset? MadeGoodAt { get; init; }

    /// <summary>When it was given up because the order was cancelled; null when not.</summary>
    public DateTimeOffset? WithdrawnAt { get; init; }

    /// <summary>What it is made good with; null before that is decided.</summary>
    public Compensation? Compensation { get; init; }

    /// <summary>When it has to be looked at next; null for never.</summary>
    public DateTimeOffset? LookAt { get; init; }

    /// <summary>Where it stands.</summary>
    [JsonIgnore]
    public PromiseState State => WithdrawnAt is not null ? PromiseState.Withdrawn
        : KeptAt is not null ? PromiseState.Kept
        : MadeGoodAt is not null ? PromiseState.MadeGood
        : BreachedAt is not null ? (ApologisedAt is null ? PromiseState.Breached : PromiseState.Apologised)
        : Risk is not null ? PromiseState.AtRisk
        : PromiseState.Given;

    /// <summary>True while the customer waits for us to put something right: then nothing is sold to them.</summary>
    [JsonIgnore]
    public bool IsOpen => State == PromiseState.AtRisk
        || (State is PromiseState.Breached or PromiseState.Apologised && Compensation?.Granted is null);

    /// <summary>True when nothing can become of it any more.</summary>
    [JsonIgnore]
    public bool IsSettled => WithdrawnAt is not null || KeptAt is not null || Compensation?.Granted is not null;

    /// <summary>True when the apology was before the promise was broken.</summary>
    [JsonIgnore]
    public bool ApologisedFirst => BreachedAt is not null && ApologisedAt < DueAt;
}

/// <summary>What can be promised.</summary>
public enum PromiseKind
{
    /// <summary>The window of the delivery.</summary>
    Window,

    /// <summary>The flowers as they were shown.</summary>
    Stems,

    /// <summary>The price.</summary>
    Price,
}

/// <summary>Where a promise stands.</summary>
public enum PromiseState
{
    /// <summary>Given, and nothing speaks against it.</summary>
    Given,

    /// <summary>It may not be kept.</summary>
    AtRisk,

    /// <summary>It was kept.</summary>
    Kept,

    /// <summary>It was broken, and the customer has not heard from us.</summary>
    Breached,

    /// <summary>It was broken, and we have said that we are sorry.</summary>
    Apologised,

    /// <summary>It was broken and made good.</summary>
    MadeGood,

    /// <summary>The order was cancelled before it could be kept or broken.</summary>
    Withdrawn,
}

/// <summary>What endangers a promise.</summary>
/// <param name="Cause">What it is.</param>
/// <param name="ExpectedFrom">When the courier expects to be there, at the earliest; null when it has not said.</param>
/// <param name="ExpectedUntil">At the latest; null when it has not said.</param>
public sealed record PromiseRisk(
    RiskCause Cause, DateTimeOffset? ExpectedFrom = null, DateTimeOffset? ExpectedUntil = null);

/// <summary>What can endanger a promise.</summary>
public enum RiskCause
{
    /// <summary>The courier expects to come after the window.</summary>
    CourierLate,

    /// <summary>Nobody has taken the delivery on.</summary>
    NoCourier,

    /// <summary>The courier has not collected the flowers.</summary>
    NotCollected,

    /// <summary>The window is almost over and the courier is not near.</summary>
    TimeRunsOut,

    /// <summary>An attempt failed for no reason of the recipient's.</summary>
    AttemptFailed,

    /// <summary>The flowers come back, or are lost.</summary>
    DeliveryFailed,

    /// <summary>A stem is missing, and the customer is asked.</summary>
    StemShort,
}

/// <summary>What a broken promise is made good with.</summary>
/// <param name="Wanted">What the rules give for it; may be nothing.</param>
/// <param name="Granted">What the budget had left for it; null before that is known.</param>
public sealed record Compensation(Money Wanted, Money? Granted);
