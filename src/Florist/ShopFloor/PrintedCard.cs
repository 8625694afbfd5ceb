using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Florist.Kernel;
using Florist.Orders;

namespace Florist.ShopFloor;

/// <summary>
/// That the card of an order was printed, as its grain keeps it. It holds no word of the card: only by what a text is
/// known, so that a card that was changed since counts as not printed.
/// </summary>
public sealed record PrintedCard : IDurableState<PrintedCard>
{
    /// <summary>The order; empty before a card of it was printed.</summary>
    public OrderId OrderId { get; init; } = new("");

    /// <summary>What the printed text is known by, see <see cref="TagOf"/>.</summary>
    public string CardTag { get; init; } = "";

    /// <summary>When it was printed last.</summary>
    public DateTimeOffset PrintedAt { get; init; }

    /// <summary>The principal who printed it.</summary>
    public string PrintedBy { get; init; } = "";

    /// <inheritdoc/>
    [JsonIgnore]
    public Effects Effects { get; init; } = Effects.None;

    /// <summary>The commands answered already.</summary>
    [JsonIgnore]
    public Answered Answered { get; init; } = Answered.None;

    /// <inheritdoc/>
    [JsonIgnore]
    public DateTimeOffset? NextDue => null;

    /// <summary>What a text is known by: 32 hexadecimal digits of its hash.</summary>
    public static string TagOf(CardMessage card) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{card.Text}\u001F{card.Signature}")))[..32];

    /// <summary>The entity tag (RFC 7232) of a text.</summary>
    public static string EtagOf(CardMessage card) => $"\"{TagOf(card)}\"";

    /// <summary>Whether it is this text that was printed.</summary>
    public bool IsOf(CardMessage card) => OrderId.Value.Length > 0 && CardTag == TagOf(card);

    /// <inheritdoc/>
    public PrintedCard With(Effects effects) => this with { Effects = effects };
}
