using Florist.Kernel;
using Florist.Orders;

namespace Florist.Adapters.Payments;

/// <summary>One reservation as the simulator's ledger has it, and what it allows.</summary>
/// <param name="entries">What was done with it, oldest first.</param>
/// <param name="isWhole">
/// False when what was done before this process is not known: then nothing is refused for not being known.
/// </param>
internal sealed class SimulatedAccount(IReadOnlyList<PaymentLedger.Entry> entries, bool isWhole)
{
    /// <summary>The entry that opened it; null for one that is not known.</summary>
    public PaymentLedger.Entry? Opening =>
        entries.FirstOrDefault(entry => entry.Deed == PaymentLedger.Deed.Authorized);

    /// <summary>True while its payer has to confirm it.</summary>
    public bool AwaitsPayer => Opening is { Kind: PaymentKind.ActionRequired }
        && !Has(PaymentLedger.Deed.Confirmed) && !Has(PaymentLedger.Deed.Released);

    /// <summary>How the request that opened it stands now.</summary>
    public PaymentKind Standing(PaymentLedger.Entry opening) =>
        opening.Kind != PaymentKind.ActionRequired ? opening.Kind
        : entries.FirstOrDefault(entry => entry.Deed == PaymentLedger.Deed.Confirmed) is { } confirmed ? confirmed.Kind
        : Has(PaymentLedger.Deed.Released) ? PaymentKind.Declined : PaymentKind.ActionRequired;

    /// <summary>What comes of taking an amount.</summary>
    public PaymentLedger.Entry Capture(PaymentLedger.Entry asked, DateTimeOffset now)
    {
        string? problem = Opening switch
        {
            null => isWhole ? "reference_unknown" : null,
            _ when Has(PaymentLedger.Deed.Released) => "released",
            _ when Has(PaymentLedger.Deed.Captured) => "captured_already",
            var opening when Standing(opening) != PaymentKind.Done => "not_authorized",
            var opening when opening.Until <= now => "authorization_expired",
            var opening when asked.Amount?.Minor > opening.Amount?.Minor => "amount_too_large",
            _ => null,
        };
        return Answer(asked with { Deed = PaymentLedger.Deed.Captured }, problem);
    }

    /// <summary>What comes of giving the reservation back.</summary>
    public PaymentLedger.Entry Release(PaymentLedger.Entry asked) => Answer(
        asked with { Deed = PaymentLedger.Deed.Released },
        Opening is null && isWhole ? "reference_unknown"
            : Has(PaymentLedger.Deed.Captured) ? "captured_already"
            : null);

    /// <summary>What comes of giving an amount back.</summary>
    public PaymentLedger.Entry Refund(PaymentLedger.Entry asked)
    {
        long taken = Sum(PaymentLedger.Deed.Captured);
        long returned = Sum(PaymentLedger.Deed.Refunded) + (asked.Amount?.Minor ?? 0);
        string? problem = Opening is null && isWhole ? "reference_unknown"
            : Opening is not null && taken == 0 ? "not_captured"
            : Opening is not null && returned > taken ? "amount_too_large"
            : null;
        return Answer(asked with { Deed = PaymentLedger.Deed.Refunded }, problem);
    }

    private static PaymentLedger.Entry Answer(PaymentLedger.Entry entry, string? problem) => entry with
    {
        Kind = problem is null ? PaymentKind.Done : PaymentKind.Declined,
        Reason = problem,
    };

    private bool Has(PaymentLedger.Deed deed) =>
        entries.Any(entry => entry.Deed == deed && entry.Kind == PaymentKind.Done
            || entry.Deed == deed && deed == PaymentLedger.Deed.Confirmed);

    private long Sum(PaymentLedger.Deed deed) => entries
        .Where(entry => entry.Deed == deed && entry.Kind == PaymentKind.Done)
        .Sum(entry => entry.Amount?.Minor ?? 0);
}
