using System.Security.Cryptography;
using System.Text;
using Florist.Kernel;
using Florist.Orders;

namespace Florist.Adapters.Payments;

/// <summary>
/// A payment provider that exists only in this process: it decides by magic tokens and keeps no money. What it answers
/// depends on token and key alone, so a repeat, also after a restart, is answered as the first call was.
/// </summary>
internal sealed class PaymentSimulator : IPaymentPort
{
    /// <summary>Always declined. Every other token that begins with <c>tok_</c> is accepted.</summary>
    public const string Declined = "tok_declined";

    public Task<PaymentOutcome> Authorize(
        string idempotencyKey, Money amount, string token, CancellationToken cancellationToken) =>
        Task.FromResult(token switch
        {
            Declined => new PaymentOutcome(PaymentKind.Declined, null, "card_declined"),
            _ when token.StartsWith("tok_", StringComparison.Ordinal) =>
                new PaymentOutcome(PaymentKind.Done, ReferenceOf(idempotencyKey), null),
            _ => new PaymentOutcome(PaymentKind.Declined, null, "token_unknown"),
        });

    public Task<PaymentOutcome> Release(
        string idempotencyKey, string reference, CancellationToken cancellationToken) =>
        Task.FromResult(new PaymentOutcome(PaymentKind.Done, reference, null));

    private static string ReferenceOf(string key) =>
        "sim_" + Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(key)), 20);
}
