using Florist.Kernel;
using Florist.Orders;

namespace Florist.Tests.Simulation;

/// <summary>An amount that the payment provider has reserved.</summary>
internal sealed record Reservation(string Key, string Reference, Money Amount)
{
    /// <summary>Whether it was given back.</summary>
    public bool IsReleased { get; set; }

    /// <summary>What was taken of it; null while nothing was.</summary>
    public Money? Taken { get; set; }

    /// <summary>What was given back of what was taken.</summary>
    public long ReturnedMinor { get; set; }
}

/// <summary>
/// The payment provider: remembers, by idempotency key, what it has done, whatever happens to the shop.
/// </summary>
internal sealed class SimulatedPayments(Simulation simulation) : IPaymentPort
{
    /// <summary>A means of payment that is always declined.</summary>
    public const string Declined = "tok_declined";

    private readonly SortedDictionary<string, PaymentOutcome> answered = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Reservation> reservations = new(StringComparer.Ordinal);

    /// <summary>What is or was reserved, by reference.</summary>
    public IReadOnlyDictionary<string, Reservation> Reservations => reservations;

    public async Task<PaymentOutcome> Authorize(
        string idempotencyKey, Money amount, string token, CancellationToken cancellationToken)
    {
        simulation.Oracle.MessageWasCommitted(idempotencyKey);
        return await Effectively(idempotencyKey, () =>
        {
            if (token == Declined)
            {
                return new PaymentOutcome(PaymentKind.Declined, null, "card_declined");
            }

            string reference = $"pay_{idempotencyKey}";
            reservations.Add(reference, new Reservation(idempotencyKey, reference, amount));
            return new PaymentOutcome(PaymentKind.Done, reference, null)
            {
                AuthorizedUntil = simulation.Clock.GetUtcNow().AddDays(7),
            };
        });
    }

    public async Task<PaymentOutcome> Capture(
        string idempotencyKey, string reference, Money amount, CancellationToken cancellationToken)
    {
        simulation.Oracle.MessageWasCommitted(idempotencyKey);
        return await Effectively(idempotencyKey, () =>
        {
            if (!reservations.TryGetValue(reference, out Reservation? reservation) || reservation.IsReleased
                || reservation.Taken is not null || amount.Minor > reservation.Amount.Minor)
            {
                simulation.Broken("MONEY", $"took {amount} of {reference}, which does not allow it");
                return new PaymentOutcome(PaymentKind.Declined, null, "not_reserved");
            }

            reservation.Taken = amount;
            return new PaymentOutcome(PaymentKind.Done, reference, null);
        });
    }

    public async Task<PaymentOutcome> Refund(
        string idempotencyKey, string reference, Money amount, CancellationToken cancellationToken)
    {
        simulation.Oracle.MessageWasCommitted(idempotencyKey);
        return await Effectively(idempotencyKey, () =>
        {
            if (!reservations.TryGetValue(reference, out Reservation? reservation)
                || reservation.ReturnedMinor + amount.Minor > (reservation.Taken?.Minor ?? 0))
            {
                simulation.Broken("MONEY", $"gave back {amount} of {reference}, more than was taken");
                return new PaymentOutcome(PaymentKind.Declined, null, "not_taken");
            }

            reservation.ReturnedMinor += amount.Minor;
            return new PaymentOutcome(PaymentKind.Done, reference, null);
        });
    }

    public async Task<PaymentOutcome> Find(string idempotencyKey, CancellationToken cancellationToken)
    {
        await simulation.Outside();
        return simulation.Faults.Happens(simulation.Faults.PaymentUnknown)
            ? new PaymentOutcome(PaymentKind.Unknown, null, "timeout")
            : answered.GetValueOrDefault(idempotencyKey)
                ?? new PaymentOutcome(PaymentKind.NotFound, null, "not_found");
    }

    public async Task<PaymentOutcome> Release(
        string idempotencyKey, string reference, CancellationToken cancellationToken)
    {
        simulation.Oracle.MessageWasCommitted(idempotencyKey);
        return await Effectively(idempotencyKey, () =>
        {
            if (!reservations.TryGetValue(reference, out Reservation? reservation) || reservation.IsReleased
                || reservation.Taken is not null)
            {
                simulation.Broken("I4", $"released {reference}, which is not reserved");
                return new PaymentOutcome(PaymentKind.Declined, null, "not_reserved");
            }

            reservation.IsReleased = true;
            return new PaymentOutcome(PaymentKind.Done, reference, null);
        });
    }

    private async Task<PaymentOutcome> Effectively(string key, Func<PaymentOutcome> carryOut)
    {
        await simulation.Outside();
        Faults faults = simulation.Faults;
        bool isLost = faults.Happens(faults.PaymentUnknown);
        if (isLost && faults.Happens(0.5))
        {
            return new PaymentOutcome(PaymentKind.Unknown, null, "timeout");
        }

        if (!answered.TryGetValue(key, out PaymentOutcome? outcome))
        {
            outcome = carryOut();
            answered.Add(key, outcome);
            simulation.Note($"payment {key} {outcome.Kind}");
        }

        await simulation.MayDie();
        return isLost ? new PaymentOutcome(PaymentKind.Unknown, null, "timeout") : outcome;
    }
}
