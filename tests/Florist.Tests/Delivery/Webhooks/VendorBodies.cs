using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Florist.Tests.Delivery.Webhooks;

/// <summary>Webhooks as their vendors send them.</summary>
internal static class VendorBodies
{
    public const string Secret = "a-secret-of-the-courier";

    public static byte[] Uber(
        string id, string status, DateTimeOffset at, string reference, string delivery = "del_1", JsonObject? data = null)
    {
        JsonObject whole = data ?? [];
        whole["id"] = delivery;
        whole["status"] = status;
        whole["external_id"] = reference;
        whole["courier"] ??= new JsonObject { ["name"] = "Cori R.", ["phone_number"] = "+15550100" };
        return Bytes(new JsonObject
        {
            ["kind"] = "event.delivery_status",
            ["id"] = id,
            ["status"] = status,
            ["delivery_id"] = delivery,
            ["created"] = at.ToString("O"),
            ["live_mode"] = true,
            ["data"] = whole,
        });
    }

    public static byte[] Stuart(string status, string reference, string? reasonKey = null, string? eta = null) =>
        Bytes(new JsonObject
        {
            ["event"] = "delivery",
            ["type"] = "update",
            ["data"] = new JsonObject
            {
                ["id"] = 100126333,
                ["status"] = status,
                ["clientReference"] = reference,
                ["etaToDestination"] = eta,
                ["driver"] = new JsonObject { ["firstname"] = "Denis", ["lastname"] = "Legrand" },
                ["cancellation"] = reasonKey is null ? null : new JsonObject
                {
                    ["canceledBy"] = "SYSTEM",
                    ["reasonKey"] = reasonKey,
                    ["comment"] = "",
                },
            },
        });

    public static string UberSignature(byte[] body, string secret = Secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    public static string StuartCredentials(string courier, string secret = Secret) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{courier}:{secret}"));

    public static JsonElement Parsed(byte[] body) => JsonDocument.Parse(body).RootElement;

    private static byte[] Bytes(JsonObject body) => Encoding.UTF8.GetBytes(body.ToJsonString());
}
