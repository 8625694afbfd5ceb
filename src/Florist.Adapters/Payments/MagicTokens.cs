using Florist.Orders;

namespace Florist.Adapters.Payments;

/// <summary>
/// What the simulator does by the token it is given. Every other token that begins with <c>tok_</c> is accepted.
/// </summary>
internal static class MagicTokens
{
    /// <summary>Always declined.</summary>
    public const string Declined = "tok_declined";

    /// <summary>The payer has to confirm it first, as with 3-D Secure.</summary>
    public const string Challenge = "tok_challenge";

    /// <summary>Accepted, and the answer is lost.</summary>
    public const string Lost = "tok_timeout";

    /// <summary>Accepted, and told by webhook before it is answered.</summary>
    public const string WebhookFirst = "tok_webhook_first";

    /// <summary>Accepted, and told by webhook twice.</summary>
    public const string WebhookTwice = "tok_webhook_twice";

    /// <summary>Reserved for thirteen hours only: a shop that is down for long comes too late to take it.</summary>
    public const string Lapses = "tok_lapses";

    /// <summary>What comes of a request to reserve an amount.</summary>
    public static PaymentLedger.Entry Decide(
        string token, PaymentLedger.Entry entry, DateTimeOffset now, PaymentsOptions options) => token switch
        {
            Declined => entry with { Kind = PaymentKind.Declined, Reason = "card_declined" },
            _ when !token.StartsWith("tok_", StringComparison.Ordinal) =>
                entry with { Kind = PaymentKind.Declined, Reason = "token_unknown" },
            Challenge => entry with
            {
                Kind = PaymentKind.ActionRequired,
                Reason = "challenge",
                Until = now.AddDays(options.AuthorizedDays),
            },
            Lapses => entry with { Until = now.AddHours(13) },
            _ => entry with { Until = now.AddDays(options.AuthorizedDays) },
        };
}
