using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Florist.Delivery.Webhooks;

/// <summary>
/// Uber Direct: signed with HMAC-SHA256 over the raw body, each event with an id, in any order. A return is a delivery
/// of its own, whose id begins with <c>ret_</c>, with the reference of the first.
/// </summary>
internal sealed class UberAdapter : ICourierAdapter
{
    /// <summary>The header that carries the signature, in hexadecimal digits.</summary>
    public const string Signature = "x-uber-signature";

    private const string CourierUpdate = "event.courier_update";
    private const string StatusUpdate = "event.delivery_status";

    /// <summary>All that Uber says, and what it means.</summary>
    public static readonly ImmutableArray<VendorWord> Words =
    [
        new("pending", false, WordKind.Nothing),
        new("pickup", false, WordKind.State, DeliveryState.Assigned),
        new("pickup_complete", false, WordKind.State, DeliveryState.OutForDelivery),
        new("dropoff", false, WordKind.State, DeliveryState.OutForDelivery),
        new("delivered", false, WordKind.State, DeliveryState.Delivered),
        new("returned", false, WordKind.State, DeliveryState.Returned),
        new("canceled", false, WordKind.GivenUp),
        new("pending", true, WordKind.State, DeliveryState.Returning),
        new("pickup", true, WordKind.State, DeliveryState.Returning),
        new("pickup_complete", true, WordKind.State, DeliveryState.Returning),
        new("dropoff", true, WordKind.State, DeliveryState.Returning),
        new("delivered", true, WordKind.State, DeliveryState.Returned),
        new("canceled", true, WordKind.State, DeliveryState.Failed),
    ];

    public WebhookVocabulary Vocabulary => WebhookVocabulary.Uber;

    public bool IsGenuine(CourierId courier, IHeaderDictionary headers, ReadOnlySpan<byte> body, string secret)
    {
        string given = headers[Signature].ToString();
        byte[] expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body);
        Span<byte> sent = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return given.Length == 2 * HMACSHA256.HashSizeInBytes
            && Convert.FromHexString(given, sent, out _, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(expected, sent);
    }

    public WebhookNews Read(JsonElement body, ReadOnlySpan<byte> bytes)
    {
        string kind = body.Text("kind") ?? "";
        string status = body.Text("status") ?? body.Text("data", "status") ?? "";
        bool isReturn = (body.Text("delivery_id") ?? body.Text("data", "id") ?? "")
            .StartsWith("ret_", StringComparison.Ordinal);
        VendorWord word = VendorWord.Find(Words, status, isReturn);
        string? reason = body.Text("data", "undeliverable_reason");
        bool failed = word is { Kind: WordKind.GivenUp } or { State: DeliveryState.Returning or DeliveryState.Failed };
        return new WebhookNews
        {
            EventId = body.Text("id") is { Length: > 0 and <= 60 } id ? id : VendorJson.IdOf("uber-", bytes),
            Leg = LegReference.Read(body.Text("data", "external_id")),
            RawStatus = kind == CourierUpdate ? kind : status,
            Word = kind switch
            {
                CourierUpdate => new VendorWord(status, isReturn, WordKind.Nothing),
                StatusUpdate => word,
                _ => new VendorWord(kind, isReturn, WordKind.Unknown),
            },
            OccurredAt = body.Instant("created"),
            Reason = failed ? ReasonOf(word) : null,
            ReasonText = failed ? reason ?? status : null,
            Eta = isReturn ? null : body.Instant("data", "dropoff_eta"),
            IsNear = !isReturn && status == "dropoff" && body.IsTrue("data", "courier_imminent"),
            Location = kind == CourierUpdate
                ? body.Position("lat", "lng", "location") ?? body.Position("lat", "lng", "data", "courier", "location")
                : null,
            DriverName = VendorJson.GivenName(body.Text("data", "courier", "name")),
        };
    }

    // What their reasons are called is not published, so the word itself is kept beside ours.
    private static FailureReason ReasonOf(VendorWord word) =>
        word is { State: DeliveryState.Failed } or { Kind: WordKind.GivenUp }
            ? FailureReason.CouldNotReturn
            : FailureReason.Other;
}
