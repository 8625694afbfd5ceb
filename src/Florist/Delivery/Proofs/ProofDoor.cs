using Florist.Kernel;
using Microsoft.AspNetCore.Http;

namespace Florist.Delivery.Proofs;

/// <summary>
/// Where images of hand-overs come in and go out: <c>PUT /proofs/uploads/{token}</c> and <c>GET /proofs/{token}</c>,
/// both with an address that was made for it and works for some minutes. What comes in is kept without what its camera
/// noted.
/// </summary>
internal sealed class ProofDoor(IProofStore store, ProofLinks links, TimeProvider time)
{
    /// <summary>Takes an image, and answers what it is called.</summary>
    public async Task<IResult> Put(string token, HttpRequest request, CancellationToken cancellationToken)
    {
        if (links.OpenForPutting(token) is not var (order, delivery))
        {
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        if (await ReadBody(request, cancellationToken) is not { } sent)
        {
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        }

        if (CleanImage.Of(sent).Failed(out _, out CleanImage? clean))
        {
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }

        DateOnly today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        ProofImage image = new(order, delivery, today.AddDays(ProofImage.DaysKept), clean.Sha256);
        await store.Put(image, clean.Content, cancellationToken);
        return Results.Json(new { name = image.Name, sha256 = image.Sha256, mimeType = clean.MimeType });
    }

    /// <summary>Gives an image out.</summary>
    public async Task<IResult> Get(string token, HttpResponse response, CancellationToken cancellationToken)
    {
        if (links.OpenForReading(token) is not { } image)
        {
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        if (await store.Read(image, cancellationToken) is not { } content)
        {
            return Results.NotFound();
        }

        response.Headers.CacheControl = "private, max-age=300";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers["Referrer-Policy"] = "no-referrer";
        return Results.Bytes(content, CleanImage.MimeTypeOf(content) ?? "application/octet-stream");
    }

    // Null when it is larger than an image may be.
    private static async Task<byte[]?> ReadBody(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > CleanImage.BytesMax)
        {
            return null;
        }

        using MemoryStream whole = new();
        byte[] part = new byte[64 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(part, cancellationToken)) > 0)
        {
            if (whole.Length + read > CleanImage.BytesMax)
            {
                return null;
            }

            whole.Write(part, 0, read);
        }

        return whole.ToArray();
    }
}
