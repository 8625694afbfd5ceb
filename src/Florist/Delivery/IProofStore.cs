using System.Buffers;
using System.Globalization;

namespace Florist.Delivery;

/// <summary>Where images of hand-overs are kept until their purge day. A way out of the process.</summary>
public interface IProofStore
{
    /// <summary>Keeps an image. Safe to repeat: the name says what it is.</summary>
    Task Put(ProofImage image, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>The content of an image; null when there is none, or its purge day has come.</summary>
    Task<byte[]?> Read(ProofImage image, CancellationToken cancellationToken);

    /// <summary>True when <see cref="Read"/> would find it.</summary>
    bool Has(ProofImage image);

    /// <summary>Deletes every image whose purge day has come.</summary>
    /// <param name="today">The present civil day (UTC).</param>
    /// <returns>How many days' images were deleted.</returns>
    int Purge(DateOnly today);
}

/// <summary>
/// An image of a hand-over. Its name says when it goes and what it is: nothing else about it needs to be kept.
/// </summary>
/// <param name="OrderId">The order.</param>
/// <param name="Delivery">The delivery of that order.</param>
/// <param name="PurgeOn">The civil day (UTC) on which it goes.</param>
/// <param name="Sha256">SHA-256 of its content, 64 lower-case hexadecimal digits.</param>
public sealed record ProofImage(string OrderId, DeliveryId Delivery, DateOnly PurgeOn, string Sha256)
{
    /// <summary>Images are kept so many days.</summary>
    public const int DaysKept = 30;

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    /// <summary>The resource name.</summary>
    public string Name => $"{DeliveryNames.Delivery(OrderId, Delivery)}/proofImages/{Id}";

    /// <summary>The last segment of the name.</summary>
    public string Id => $"{PurgeOn:yyyyMMdd}-{Sha256}";

    /// <summary>The image of a name; null when it is no such name.</summary>
    public static ProofImage? Read(string? name)
    {
        string[] parts = name?.Split('/') ?? [];
        bool isImage = parts is [_, _, _, _, "proofImages", string last] && last.Length == 73 && last[8] == '-'
            && !last.AsSpan(9).ContainsAnyExcept(Hex);
        return isImage
            && DeliveryNames.TryDelivery(string.Join('/', parts[..4]), out string order, out DeliveryId delivery)
            && DateOnly.TryParseExact(
                parts[5][..8], "yyyyMMdd", CultureInfo.InvariantCulture, default, out DateOnly day)
                ? new ProofImage(order, delivery, day, parts[5][9..])
                : null;
    }
}
