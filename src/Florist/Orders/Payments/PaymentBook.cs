using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>
/// The money of an order: what was asked for, reserved, taken and given back. Sums never disagree: what is given back
/// is always given back of a charge, and never more than that charge has left.
/// </summary>
public sealed record PaymentBook
{
    /// <summary>At most so many charges of one order: its price, and differences that changes make.</summary>
    public const int ChargesMax = 4;

    /// <summary>At most so many refunds of one order.</summary>
    public const int RefundsMax = 16;

    /// <summary>The charges by number, from 1; the first is the price at which the order was placed.</summary>
    public ImmutableArray<Charge> Charges { get; init; } = [];

    /// <summary>The refunds by number, from 1.</summary>
    public ImmutableArray<Refund> Refunds { get; init; } = [];

    /// <summary>When something reserved has to be taken, lest it lapses; null when nothing has to.</summary>
    [JsonIgnore]
    public DateTimeOffset? NextDue =>
        Charges.Where(charge => charge.State == ChargeState.Authorized).Select(charge => charge.CaptureBy).Min();

    /// <summary>True when staff have to look at the money: it could not be taken or given back.</summary>
    [JsonIgnore]
    public bool HasProblem => Charges.Any(charge => charge.State == ChargeState.Failed)
        || Refunds.Any(refund => refund.State == RefundState.Failed);

    /// <summary>A charge; null for a number that was never given.</summary>
    public Charge? Charge(int number) => number >= 1 && number <= Charges.Length ? Charges[number - 1] : null;

    /// <summary>A refund; null for a number that was never given.</summary>
    public Refund? Refund(int number) => number >= 1 && number <= Refunds.Length ? Refunds[number - 1] : null;

    /// <summary>What is given back of a charge, or will be; refunds that the provider refused do not count.</summary>
    public Money ReturnedOf(Charge charge) => Refunds
        .Where(refund => refund.Charge == charge.Number && refund.State != RefundState.Failed)
        .Aggregate(Money.Zero(charge.Amount.Currency), (sum, refund) => sum + refund.Amount);

    /// <summary>What is, or was, taken of a charge: what was netted before is not.</summary>
    public Money ToTakeOf(Charge charge) => Refunds
        .Where(refund => refund.Charge == charge.Number && refund.State == RefundState.Netted)
        .Aggregate(charge.Amount, (sum, refund) => sum - refund.Amount);

    /// <summary>What can still be given back of a charge.</summary>
    public Money LeftOf(Charge charge) => charge.State switch
    {
        ChargeState.Authorized or ChargeState.Capturing or ChargeState.Captured =>
            charge.Amount - ReturnedOf(charge),
        _ => Money.Zero(charge.Amount.Currency),
    };

    /// <summary>What can still be given back.</summary>
    /// <param name="currency">The order's currency.</param>
    public Money Left(string currency) =>
        Charges.Aggregate(Money.Zero(currency), (sum, charge) => sum + LeftOf(charge));

    /// <summary>The book with another version of a charge.</summary>
    public PaymentBook With(Charge charge) => this with { Charges = Charges.SetItem(charge.Number - 1, charge) };

    /// <summary>The book with another version of a refund.</summary>
    public PaymentBook With(Refund refund) => this with { Refunds = Refunds.SetItem(refund.Number - 1, refund) };
}

/// <summary>An amount that the customer pays.</summary>
public sealed record Charge
{
    /// <summary>Its number in the order, from 1.</summary>
    public int Number { get; init; } = 1;

    /// <summary>How much was asked for.</summary>
    public Money Amount { get; init; }

    /// <summary>Where it stands.</summary>
    public ChargeState State { get; init; }

    /// <summary>The provider's reference; null before the provider has answered.</summary>
    public string? Reference { get; init; }

    /// <summary>Where the payer confirms it; null when that is not asked for.</summary>
    public string? ActionUri { get; init; }

    /// <summary>
    /// By when it has to be taken, lest the reservation lapses; null when it does not, or is not known.
    /// </summary>
    public DateTimeOffset? CaptureBy { get; init; }

    /// <summary>
    /// Since when a call of the present step may have reached the provider; null when none can have. A next attempt
    /// looks up what became of it.
    /// </summary>
    public DateTimeOffset? AttemptedAt { get; init; }

    /// <summary>Why it was declined or could not be taken, as the provider's word; null when neither.</summary>
    public string? Problem { get; init; }
}

/// <summary>Where a charge stands.</summary>
public enum ChargeState
{
    /// <summary>Asked for.</summary>
    Pending,

    /// <summary>The payer has to confirm it.</summary>
    ActionRequired,

    /// <summary>The amount is reserved.</summary>
    Authorized,

    /// <summary>The amount is being taken.</summary>
    Capturing,

    /// <summary>The amount was taken.</summary>
    Captured,

    /// <summary>The reservation is being given back.</summary>
    Releasing,

    /// <summary>The reservation was given back.</summary>
    Released,

    /// <summary>It was declined.</summary>
    Declined,

    /// <summary>It was reserved and could not be taken: a person has to see to it.</summary>
    Failed,
}

/// <summary>An amount that the customer gets back.</summary>
public sealed record Refund
{
    /// <summary>Its number in the order, from 1.</summary>
    public int Number { get; init; } = 1;

    /// <summary>The charge that it is given back of.</summary>
    public int Charge { get; init; } = 1;

    /// <summary>How much.</summary>
    public Money Amount { get; init; }

    /// <summary>Why.</summary>
    public RefundCause Cause { get; init; }

    /// <summary>In the words of who decided it; null for none.</summary>
    public string? Note { get; init; }

    /// <summary>Where it stands.</summary>
    public RefundState State { get; init; }

    /// <summary>When it was decided.</summary>
    public DateTimeOffset DecidedAt { get; init; }

    /// <summary>As in <see cref="Charge.AttemptedAt"/>.</summary>
    public DateTimeOffset? AttemptedAt { get; init; }
}

/// <summary>Why money is given back.</summary>
public enum RefundCause
{
    /// <summary>The order was cancelled.</summary>
    Cancelled,

    /// <summary>Staff decided so.</summary>
    Staff,

    /// <summary>A promise was not kept.</summary>
    Goodwill,

    /// <summary>The order was changed and costs less.</summary>
    Change,
}

/// <summary>Where a refund stands.</summary>
public enum RefundState
{
    /// <summary>The charge is not taken yet: so much less will be taken.</summary>
    Netted,

    /// <summary>The charge is just being taken; the refund follows.</summary>
    Waiting,

    /// <summary>Asked for.</summary>
    Pending,

    /// <summary>The provider has given it back.</summary>
    Done,

    /// <summary>The provider has refused: a person has to see to it.</summary>
    Failed,
}
