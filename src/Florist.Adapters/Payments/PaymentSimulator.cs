using System.Security.Cryptography;
using System.Text;
using Florist.Kernel;
using Florist.Orders;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Payments;

/// <summary>
/// A payment provider that exists only in this process: it decides by magic tokens and keeps no money. What it answers
/// depends on token and key alone, so a repeat, also after a restart, is answered as the first call was. Where a ledger
/// is configured, it notes there what it does before it answers.
/// </summary>
internal sealed class PaymentSimulator : IPaymentPort, IDisposable
{
    /// <summary>Always declined. Every other token that begins with <c>tok_</c> is accepted.</summary>
    public const string Declined = "tok_declined";

    private readonly PaymentLedger? ledger;

    public PaymentSimulator(IOptions<PaymentsOptions> options)
    {
        ledger = options.Value.Ledger is { Length: > 0 } path ? new PaymentLedger(path) : null;
    }

    public Task<PaymentOutcome> Authorize(
        string idempotencyKey, Money amount, string token, CancellationToken cancellationToken)
    {
        if (token == Declined || !token.StartsWith("tok_", StringComparison.Ordinal))
        {
            string reason = token == Declined ? "card_declined" : "token_unknown";
            return Task.FromResult(new PaymentOutcome(PaymentKind.Declined, null, reason));
        }

        string reference = ReferenceOf(idempotencyKey);
        ledger?.Note(new PaymentLedger.Entry(idempotencyKey, reference, amount));
        return Task.FromResult(new PaymentOutcome(PaymentKind.Done, reference, null));
    }

    public Task<PaymentOutcome> Release(
        string idempotencyKey, string reference, CancellationToken cancellationToken)
    {
        ledger?.Note(new PaymentLedger.Entry(idempotencyKey, reference, null));
        return Task.FromResult(new PaymentOutcome(PaymentKind.Done, reference, null));
    }

    public void Dispose() => ledger?.Dispose();

    private static string ReferenceOf(string key) =>
        "sim_" + Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(key)), 20);
}
