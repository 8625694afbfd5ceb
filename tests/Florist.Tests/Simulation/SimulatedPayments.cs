using Florist.Kernel;
using Florist.Orders;

namespace Florist.Tests.Simulation;

/// <summary>An amount that the payment provider has reserved.</summary>
internal sealed record Reservation(string Key, string Reference, Money Amount)
{
    /// <summary>Whether it was given back.</summary>
    public bool IsReleased { get; set; }
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
            return new PaymentOutcome(PaymentKind.Done, reference, null);
        });
    }

    public async Task<PaymentOutcome> Release(
        string idempotencyKey, string reference, CancellationToken cancellationToken)
    {
        simulation.Oracle.MessageWasCommitted(idempotencyKey);
        return await Effectively(idempotencyKey, () =>
        {
            if (!reservations.TryGetValue(reference, out Reservation? reservation) || reservation.IsReleased)
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
