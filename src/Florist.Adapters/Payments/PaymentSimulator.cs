using System.Security.Cryptography;
using System.Text;
using Florist.Kernel;
using Florist.Orders;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Payments;

/// <summary>
/// A payment provider that exists only in this process: it keeps accounts and no money, and decides by magic tokens.
/// Whatever it did under a key it answers again for that key.
/// </summary>
internal sealed class PaymentSimulator : IPaymentPort, IDisposable
{
    /// <summary>Where payers confirm.</summary>
    public const string ConfirmPath = "/simulator/payments";

    private readonly PaymentsOptions options;
    private readonly TimeProvider time;
    private readonly IServiceProvider services;
    private readonly PaymentSignals signals;
    private readonly PaymentLedger ledger;
    private readonly Lock gate = new();

    public PaymentSimulator(
        IOptions<PaymentsOptions> options, TimeProvider time, PaymentSignals signals, IServiceProvider services)
    {
        this.options = options.Value;
        this.time = time;
        this.signals = signals;
        this.services = services;
        ledger = new PaymentLedger(this.options.Ledger);
    }

    public async Task<PaymentOutcome> Authorize(
        string idempotencyKey, Money amount, string token, CancellationToken cancellationToken)
    {
        bool isFirst;
        PaymentOutcome answer;
        lock (gate)
        {
            isFirst = ledger.Find(idempotencyKey) is null;
            answer = Once(idempotencyKey, () => MagicTokens.Decide(
                token, new(idempotencyKey, ReferenceOf(idempotencyKey), amount), time.GetUtcNow(), options));
        }

        return isFirst ? await Told(idempotencyKey, answer, token) : answer;
    }

    public Task<PaymentOutcome> Capture(
        string idempotencyKey, string reference, Money amount, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult(Once(idempotencyKey, () => Account(reference).Capture(
                new(idempotencyKey, reference, amount), time.GetUtcNow())));
        }
    }

    public Task<PaymentOutcome> Release(
        string idempotencyKey, string reference, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult(Once(
                idempotencyKey, () => Account(reference).Release(new(idempotencyKey, reference, null))));
        }
    }

    public Task<PaymentOutcome> Refund(
        string idempotencyKey, string reference, Money amount, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult(Once(
                idempotencyKey, () => Account(reference).Refund(new(idempotencyKey, reference, amount))));
        }
    }

    public Task<PaymentOutcome> Find(string idempotencyKey, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult(ledger.Find(idempotencyKey) is { } entry
                ? Answer(entry)
                : new PaymentOutcome(PaymentKind.NotFound, null, "not_found"));
        }
    }

    /// <summary>What the payer says to a payment that has to be confirmed; told by webhook, as a bank would.</summary>
    /// <returns>False when there is no such payment, or nothing to confirm about it any more.</returns>
    public async Task<bool> Confirm(string reference, bool agrees)
    {
        PaymentOutcome answer;
        string key;
        lock (gate)
        {
            SimulatedAccount account = Account(reference);
            if (account.Opening is not { } opening || !account.AwaitsPayer)
            {
                return false;
            }

            key = opening.Key;
            ledger.Note(new PaymentLedger.Entry($"{reference}:confirm", reference, opening.Amount)
            {
                Deed = PaymentLedger.Deed.Confirmed,
                Kind = agrees ? PaymentKind.Done : PaymentKind.Declined,
            });
            answer = Answer(opening);
        }

        await Send(key, answer);
        return true;
    }

    public void Dispose() => ledger.Dispose();

    private PaymentOutcome Once(string key, Func<PaymentLedger.Entry> decide)
    {
        PaymentLedger.Entry? entry = ledger.Find(key);
        if (entry is null)
        {
            entry = decide();
            ledger.Note(entry);
        }

        return Answer(entry);
    }

    private SimulatedAccount Account(string reference) => new(ledger.Account(reference), ledger.IsWhole);

    private PaymentOutcome Answer(PaymentLedger.Entry entry)
    {
        bool opens = entry.Deed == PaymentLedger.Deed.Authorized;
        PaymentKind kind = opens ? Account(entry.Reference).Standing(entry) : entry.Kind;
        return new PaymentOutcome(
            kind, kind == PaymentKind.Declined ? null : entry.Reference, kind == PaymentKind.Done ? null : entry.Reason)
        {
            AuthorizedUntil = opens && kind == PaymentKind.Done ? entry.Until : null,
            ActionUri = kind == PaymentKind.ActionRequired
                ? $"{options.PublicUrl.TrimEnd('/')}{ConfirmPath}/{entry.Reference}"
                : null,
        };
    }

    // Some tokens stand for what goes wrong on the way back.
    private async Task<PaymentOutcome> Told(string key, PaymentOutcome answer, string token)
    {
        switch (token)
        {
            case MagicTokens.Lost:
                return new PaymentOutcome(PaymentKind.Unknown, null, "timeout");
            case MagicTokens.WebhookFirst:
                await Send(key, answer);
                return answer;
            case MagicTokens.WebhookTwice:
                await Send(key, answer);
                await Send(key, answer);
                return answer;
            default:
                return answer;
        }
    }

    private async Task Send(string key, PaymentOutcome outcome)
    {
        (string signature, byte[] body) = signals.Write(new PaymentNews(key, outcome));
        (await services.GetRequiredService<PaymentWebhook>().Take(signature, body)).OrThrow();
    }

    private static string ReferenceOf(string key) =>
        "sim_" + Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(key)), 20);
}
