using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>An order as its grain keeps it and as others see it. Its history and its answers are child rows.</summary>
public sealed record OrderRecord : IDurableState<OrderRecord>
{
    /// <summary>Its id; empty before it is placed.</summary>
    public OrderId Id { get; init; } = new("");

    /// <summary>Who ordered.</summary>
    public CustomerId CustomerId { get; init; } = new("");

    /// <summary>What was asked for, as it was asked for.</summary>
    public OrderDraft Draft { get; init; } = new();

    /// <summary>Who receives and where, as it was known when the order was placed.</summary>
    public DeliveryContact Contact { get; init; } = new();

    /// <summary>What it costs and when it comes: the promise.</summary>
    public OrderTerms Terms { get; init; } = new();

    /// <summary>Where it stands.</summary>
    public OrderState State { get; init; }

    /// <summary>Where its payment stands.</summary>
    public PaymentState PaymentState { get; init; }

    /// <summary>The payment provider's reference; null before it is authorised.</summary>
    public string? PaymentReference { get; init; }

    /// <summary>Its money, step by step.</summary>
    public PaymentBook Payment { get; init; } = new();

    /// <summary>A change that waits for its payment; null for none.</summary>
    public PendingChange? PendingChange { get; init; }

    /// <summary>What was promised with it, and how that stands.</summary>
    public PromiseBook Promises { get; init; } = new();

    /// <summary>Which stems took, or are to take, the place of others; in the order of their numbers.</summary>
    public ImmutableArray<Substitution> Substitutions { get; init; } = [];

    /// <summary>When an unpaid order ends; null once it is settled.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was placed.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it changed last.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Who cancelled it and why; null unless it is cancelled.</summary>
    public Cancellation? Cancellation { get; init; }

    /// <summary>Its deliveries; at most five.</summary>
    public DeliveryBook Deliveries { get; init; } = new();

    /// <summary>Who may track it without an account.</summary>
    public OrderTracking Tracking { get; init; } = new();

    /// <summary>Grows by one with every commit.</summary>
    public long Revision { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public Effects Effects { get; init; } = Effects.None;

    /// <summary>The commands answered already.</summary>
    [JsonIgnore]
    public Answered Answered { get; init; } = Answered.None;

    /// <summary>True once it is placed.</summary>
    [JsonIgnore]
    public bool Exists => Id.Value.Length > 0;

    /// <summary>True when nothing can happen to it any more.</summary>
    [JsonIgnore]
    public bool HasEnded => State is OrderState.Completed or OrderState.Cancelled or OrderState.Expired;

    /// <summary>True when staff have to see to it: the delivery failed, or money could not be moved.</summary>
    [JsonIgnore]
    public bool NeedsAttention => OrderRules.NeedsAttention(this) || Payment.HasProblem;

    /// <summary>The substitution that the customer is asked about; null for none.</summary>
    [JsonIgnore]
    public Substitution? OpenSubstitution =>
        HasEnded ? null : Substitutions.FirstOrDefault(one => one.State == SubstitutionState.Proposed);

    /// <summary>The latest of its deliveries; null before the order is paid for.</summary>
    [JsonIgnore]
    public DeliveryRecord? CurrentDelivery => Deliveries.Deliveries.LastOrDefault();

    /// <inheritdoc/>
    [JsonIgnore]
    public DateTimeOffset? NextDue => ExpiresAt
        ?? new[]
        {
            Deliveries.NextDue, Payment.NextDue, PendingChange?.ExpiresAt, Promises.NextDue, OpenSubstitution?.AnswerBy,
        }.Min();

    /// <inheritdoc/>
    WakeClass IHasEffects.WakeClass => WakeClass.Deadline;

    /// <summary>The entity tag (RFC 7232).</summary>
    [JsonIgnore]
    public string Etag => $"\"{Revision}\"";

    /// <summary>What other features keep or say about it.</summary>
    public OrderFacts Facts() => OrderHistory.FactsOf(this);

    /// <summary>Without what only the grain needs.</summary>
    public OrderRecord Bare() => this with
    {
        Effects = Effects.None,
        Answered = Answered.None,
        Deliveries = Deliveries with { Seen = SeenEvents.None, News = RecentNews.None },
    };

    /// <inheritdoc/>
    public OrderRecord With(Effects effects) => this with { Effects = effects };
}

/// <summary>Where an order stands.</summary>
public enum OrderState
{
    /// <summary>Placed; the payment is under way.</summary>
    PendingPayment,

    /// <summary>Paid for and promised.</summary>
    Confirmed,

    /// <summary>The shop binds it.</summary>
    Preparing,

    /// <summary>Ready for the courier.</summary>
    Ready,

    /// <summary>The flowers are with the courier.</summary>
    InDelivery,

    /// <summary>Delivered.</summary>
    Completed,

    /// <summary>Cancelled by customer or shop.</summary>
    Cancelled,

    /// <summary>Never paid for.</summary>
    Expired,
}

/// <summary>Where a payment stands.</summary>
public enum PaymentState
{
    /// <summary>Under way.</summary>
    Pending,

    /// <summary>The amount is reserved.</summary>
    Authorized,

    /// <summary>The amount was taken.</summary>
    Paid,

    /// <summary>Part of it was given back.</summary>
    PartiallyRefunded,

    /// <summary>All of it was given back, or the reservation was released.</summary>
    Refunded,

    /// <summary>Declined, or reserved and not to be had after all.</summary>
    Failed,
}

/// <summary>Why an order was cancelled.</summary>
/// <param name="By">The principal who did it.</param>
/// <param name="Reason">In their words; null when they gave none.</param>
public sealed record Cancellation(string By, string? Reason);
