using System.Globalization;

namespace Florist.Delivery.Webhooks;

/// <summary>
/// What we tell other systems to call a leg, and they tell us back: <c>orders/{order}/deliveries/{delivery}/legs/{leg}
/// </c>.
/// </summary>
internal sealed record LegReference(string OrderId, DeliveryId Delivery, int Leg)
{
    public string DeliveryName => DeliveryNames.Delivery(OrderId, Delivery);

    public static LegReference? Read(string? text)
    {
        string[] parts = text?.Split('/') ?? [];
        return parts is [_, _, _, _, "legs", string leg]
            && DeliveryNames.TryDelivery(string.Join('/', parts[..4]), out string order, out DeliveryId delivery)
            && int.TryParse(leg, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= 1
                ? new LegReference(order, delivery, number)
                : null;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{DeliveryName}/legs/{Leg}");
}

/// <summary>What a word of another vocabulary means in ours.</summary>
internal enum WordKind
{
    /// <summary>A state that the delivery is in.</summary>
    State,

    /// <summary>Nothing that we do not know: their search for somebody who drives.</summary>
    Nothing,

    /// <summary>They do not do it any more: before collection a leg given back, after it flowers lost.</summary>
    GivenUp,

    /// <summary>We have never heard it.</summary>
    Unknown,
}

/// <summary>A word of another vocabulary, as it stands in a table.</summary>
/// <param name="Word">The word.</param>
/// <param name="IsReturn">True where it is said of the way back: how that shows is the vocabulary's own.</param>
/// <param name="Kind">What it means.</param>
/// <param name="State">The state that it means; for <see cref="WordKind.State"/> alone.</param>
internal sealed record VendorWord(string Word, bool IsReturn, WordKind Kind, DeliveryState State = default)
{
    /// <summary>The meaning of a word in a table.</summary>
    public static VendorWord Find(IEnumerable<VendorWord> table, string word, bool isReturn) =>
        table.FirstOrDefault(row => row.Word == word && row.IsReturn == isReturn)
            ?? new VendorWord(word, isReturn, WordKind.Unknown);
}

/// <summary>One webhook, read: what it says of which leg.</summary>
internal sealed record WebhookNews
{
    /// <summary>The same for every repeat of the same webhook; at most 60 printable ASCII characters.</summary>
    public string EventId { get; init; } = "";

    /// <summary>The leg; null when it names none of ours.</summary>
    public LegReference? Leg { get; init; }

    /// <summary>Their word, kept as it is.</summary>
    public string RawStatus { get; init; } = "";

    /// <summary>What it means.</summary>
    public VendorWord Word { get; init; } = new("", IsReturn: false, WordKind.Nothing);

    /// <summary>When it happened; null when they do not say.</summary>
    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>Why it failed or comes back; null for no reason given.</summary>
    public FailureReason? Reason { get; init; }

    /// <summary>Their word for the reason; null for none.</summary>
    public string? ReasonText { get; init; }

    /// <summary>When they expect to be at the door; null when they do not say.</summary>
    public DateTimeOffset? Eta { get; init; }

    /// <summary>True when they are about a minute from the door.</summary>
    public bool IsNear { get; init; }

    /// <summary>Where the courier is; null when they do not say.</summary>
    public LocationReport? Location { get; init; }

    /// <summary>Who brings the flowers, by given name; null when they do not say.</summary>
    public string? DriverName { get; init; }
}
