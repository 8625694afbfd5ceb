using System.Collections.Frozen;
using System.Text.Json;
using Florist.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Florist.Delivery.Webhooks;

/// <summary>
/// Where other systems tell what their couriers do: <c>POST /webhooks/couriers/{courier}</c>. Whoever cannot prove to
/// be that courier hears 401, whatever else is wrong, and changes nothing. A genuine webhook is answered 200 when it is
/// decided and stored, or kept as a dead letter; anything else makes its sender try again.
/// </summary>
internal sealed class CourierWebhooks(
    IGrainFactory grains,
    WebhookIntake intake,
    IEnumerable<ICourierAdapter> adapters,
    ISeal seal,
    ILogger<CourierWebhooks> log)
{
    private const int BodyBytesMax = 64 * 1024;
    private const int DepthMax = 16;

    private readonly FrozenDictionary<WebhookVocabulary, ICourierAdapter> adapters =
        adapters.ToFrozenDictionary(adapter => adapter.Vocabulary);

    /// <summary>Takes one webhook, and answers it.</summary>
    public async Task Receive(string courier, HttpContext http)
    {
        try
        {
            http.Response.StatusCode = await Take(courier, http);
        }
        catch (Exception failed) when (!http.RequestAborted.IsCancellationRequested)
        {
            // Whether it was stored is not known; the sender repeats it, and a repeat does no harm.
            DeliveryLog.WebhookFailed(log, courier.Length <= DeliveryNames.CourierLengthMax ? courier : "", failed);
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = "30";
        }
    }

    private async Task<int> Take(string name, HttpContext http)
    {
        if (await ReadBody(http.Request, http.RequestAborted) is not { } body)
        {
            return StatusCodes.Status413PayloadTooLarge;
        }

        if (await Authenticated(name, http.Request.Headers, body) is not var (courier, adapter))
        {
            DeliveryLog.WebhookForged(log, DeliveryNames.CourierOf($"couriers/{name}")?.Value ?? "");
            return StatusCodes.Status401Unauthorized;
        }

        WebhookNews news;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = DepthMax });
            news = adapter.Read(document.RootElement, body);
        }
        catch (JsonException)
        {
            return StatusCodes.Status400BadRequest;
        }

        await intake.Take(courier, news, http.RequestAborted);
        return StatusCodes.Status200OK;
    }

    private async Task<(CourierId, ICourierAdapter)?> Authenticated(
        string name, IHeaderDictionary headers, byte[] body)
    {
        if (DeliveryNames.CourierOf($"couriers/{name}") is not { } courier)
        {
            return null;
        }

        Outcome<WebhookTerms> found = await grains.GetGrain<ICourierGrain>(courier.Value).Webhook();
        return !found.Failed(out _, out WebhookTerms? terms)
            && terms.Secret(seal) is { } secret
            && adapters[terms.Vocabulary].IsGenuine(courier, headers, body, secret)
                ? (courier, adapters[terms.Vocabulary])
                : null;
    }

    // Null when it is longer than any webhook.
    private static async Task<byte[]?> ReadBody(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > BodyBytesMax)
        {
            return null;
        }

        byte[] buffer = new byte[BodyBytesMax + 1];
        int length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, false, cancellationToken);
        return length > BodyBytesMax ? null : buffer[..length];
    }
}
