using Florist.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Florist.Orders;

/// <summary>Reads what the payment provider says of its own accord, and knows whether it is the provider's.</summary>
public interface IPaymentSignals
{
    /// <summary>The HTTP header that carries the signature.</summary>
    string SignatureHeader { get; }

    /// <summary>Reads a signed message.</summary>
    /// <param name="signature">The header's value; null when there was none.</param>
    /// <param name="body">The body, byte by byte as it came.</param>
    /// <returns>The news; Denied unless the signature is right and recent; Invalid for a body that is none.</returns>
    Outcome<PaymentNews> Read(string? signature, ReadOnlySpan<byte> body);
}

/// <summary>What a payment provider says of its own accord. May come early, late, twice or never.</summary>
/// <param name="Key">The idempotency key of the call that it is about.</param>
/// <param name="Outcome">What became of that call.</param>
public sealed record PaymentNews(string Key, PaymentOutcome Outcome);

/// <summary>
/// Takes the provider's webhooks: checks the signature and tells the order. What the order knows already changes
/// nothing, so a repeat is harmless; so is a webhook that overtakes the answer it is about.
/// </summary>
public sealed class PaymentWebhook(IPaymentSignals signals, IGrainFactory grains, ILogger<PaymentWebhook> log)
{
    /// <summary>Where it is served.</summary>
    public const string Path = "/webhooks/payments";

    private const int BodyBytesMax = 64 * 1024;

    private string SignatureHeader => signals.SignatureHeader;

    /// <summary>Takes a message.</summary>
    /// <returns>
    /// Done; Denied for a wrong or old signature; Invalid for a body that is none; NotFound for what is about no order.
    /// </returns>
    public async Task<Outcome<Done>> Take(string? signature, ReadOnlyMemory<byte> body)
    {
        if (signals.Read(signature, body.Span).Failed(out Fault? fault, out PaymentNews? news))
        {
            OrdersLog.WebhookRefused(log, fault.Reason);
            return fault;
        }

        if (PaymentKey.Parse(news.Key) is not { } key)
        {
            return Fault.NotFound("the payment");
        }

        if (news.Outcome.Kind is PaymentKind.Unknown or PaymentKind.NotFound)
        {
            return Done.Value;
        }

        return await grains.GetGrain<IOrderPaymentsGrain>(key.Order.Value)
            .EndPayment(new EndPayment(key.Act, key.Number, news.Outcome));
    }

    /// <summary>Serves a call: 204 when it was taken, else why not in the status alone.</summary>
    internal static async Task<IResult> Receive(HttpContext http, PaymentWebhook webhook)
    {
        using MemoryStream body = new();
        byte[] part = new byte[8 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(part, http.RequestAborted)) > 0)
        {
            if (body.Length + read > BodyBytesMax)
            {
                return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
            }

            body.Write(part, 0, read);
        }

        string? signature = http.Request.Headers[webhook.SignatureHeader];
        Outcome<Done> taken = await webhook.Take(signature, body.ToArray());
        return taken.Fault?.Kind switch
        {
            null => Results.NoContent(),
            FaultKind.Denied => Results.Unauthorized(),
            FaultKind.NotFound => Results.NotFound(),
            _ => Results.BadRequest(),
        };
    }
}
