using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Florist.Delivery.Webhooks;

/// <summary>
/// Stuart: no signature but HTTP Basic authentication, no event ids, no times. On a return the same delivery runs
/// backwards: its status goes to <c>picking</c> once more, and a reason stands beside it.
/// </summary>
internal sealed class StuartAdapter : ICourierAdapter
{
    private const string Basic = "Basic ";

    /// <summary>All that Stuart says, without and with a reason beside it, and what it means.</summary>
    public static readonly ImmutableArray<VendorWord> Words =
    [
        new("pending", false, WordKind.Nothing),
        new("searching", false, WordKind.Nothing),
        new("picking", false, WordKind.State, DeliveryState.Assigned),
        new("almost_picking", false, WordKind.State, DeliveryState.Assigned),
        new("waiting_at_pickup", false, WordKind.State, DeliveryState.Assigned),
        new("delivering", false, WordKind.State, DeliveryState.OutForDelivery),
        new("almost_delivering", false, WordKind.State, DeliveryState.OutForDelivery),
        new("waiting_at_dropoff", false, WordKind.State, DeliveryState.Arrived),
        new("delivered", false, WordKind.State, DeliveryState.Delivered),
        new("cancelled", false, WordKind.GivenUp),

        // The way back begins at the door, where "picking" now is. What is said on it of delivering is, behind that,
        // an earlier step, and before it the failed attempt that it began with: the ranks sort it out.
        new("pending", true, WordKind.Nothing),
        new("searching", true, WordKind.Nothing),
        new("picking", true, WordKind.State, DeliveryState.Returning),
        new("almost_picking", true, WordKind.State, DeliveryState.Returning),
        new("waiting_at_pickup", true, WordKind.State, DeliveryState.Returning),
        new("delivering", true, WordKind.State, DeliveryState.AttemptFailed),
        new("almost_delivering", true, WordKind.State, DeliveryState.AttemptFailed),
        new("waiting_at_dropoff", true, WordKind.State, DeliveryState.AttemptFailed),
        new("delivered", true, WordKind.State, DeliveryState.Returned),
        new("cancelled", true, WordKind.GivenUp),
    ];

    /// <summary>Their reasons, and ours.</summary>
    public static readonly FrozenDictionary<string, FailureReason> Reasons = new Dictionary<string, FailureReason>
    {
        ["address_error"] = FailureReason.AddressNotFound,
        ["package_damaged"] = FailureReason.ItemDamaged,
        ["end-customer_unreachable"] = FailureReason.RecipientUnreachable,
        ["end-customer_refused_package"] = FailureReason.RecipientRefused,
        ["pu_closed"] = FailureReason.BusinessClosed,
        ["wrong_transport_type"] = FailureReason.CourierIssue,
        ["no_supply"] = FailureReason.CourierIssue,
        ["technical_issue"] = FailureReason.CourierIssue,
        ["courier_issue"] = FailureReason.CourierIssue,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public WebhookVocabulary Vocabulary => WebhookVocabulary.Stuart;

    public bool IsGenuine(CourierId courier, IHeaderDictionary headers, ReadOnlySpan<byte> body, string secret)
    {
        string given = headers.Authorization.ToString();
        byte[] expected = Encoding.UTF8.GetBytes($"{courier}:{secret}");
        return given.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)
            && VendorJson.Same(given[Basic.Length..].Trim(), Convert.ToBase64String(expected));
    }

    public WebhookNews Read(JsonElement body, ReadOnlySpan<byte> bytes)
    {
        string status = body.Text("data", "status") ?? "";
        string? key = body.Text("data", "cancellation", "reasonKey");
        bool isDelivery = body.Text("event") == "delivery";
        VendorWord word = VendorWord.Find(Words, status, isReturn: !string.IsNullOrEmpty(key));
        return new WebhookNews
        {
            EventId = VendorJson.IdOf("stuart-", bytes),
            Leg = LegReference.Read(body.Text("data", "clientReference")),
            RawStatus = key is null ? status : $"{status}/{key}",
            Word = isDelivery ? word : new VendorWord(status, word.IsReturn, WordKind.Nothing),
            Reason = string.IsNullOrEmpty(key) ? null : Reasons.GetValueOrDefault(key, FailureReason.Other),
            ReasonText = string.IsNullOrEmpty(key) ? null : key,
            Eta = word.IsReturn ? null : body.Instant("data", "etaToDestination"),
            IsNear = status == "almost_delivering" && !word.IsReturn,
            DriverName = VendorJson.GivenName(body.Text("data", "driver", "firstname")),
        };
    }
}
