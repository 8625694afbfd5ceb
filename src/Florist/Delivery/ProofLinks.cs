using System.Globalization;
using Florist.Kernel;
using Microsoft.Extensions.Options;

namespace Florist.Delivery;

/// <summary>
/// Addresses under which an image can be put or got for some minutes, by whoever has them: signed, so that nothing has
/// to be kept of them.
/// </summary>
public sealed class ProofLinks(ISeal seal, IOptions<DeliveryOptions> options)
{
    /// <summary>An address for reading works so long.</summary>
    public static readonly TimeSpan ReadFor = TimeSpan.FromMinutes(10);

    /// <summary>An address for putting works so long.</summary>
    public static readonly TimeSpan PutFor = TimeSpan.FromMinutes(15);

    private const string PutPurpose = "proof-put";
    private const string ReadPurpose = "proof-read";

    // Credentials go by the machine's clock, as tokens do.
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>An address from which an image can be read.</summary>
    public (string Uri, DateTimeOffset ExpiresAt) ForReading(ProofImage image) =>
        Sealed("/proofs/", ReadPurpose, image.Name, ReadFor);

    /// <summary>
    /// What to show of a proof's image: an address to read it from if it is ours, or the courier's own address.
    /// </summary>
    public string? Shown(string? uri) => ProofImage.Read(uri) is { } image ? ForReading(image).Uri : uri;

    /// <summary>An address to which one image of a delivery can be put.</summary>
    internal (string Uri, DateTimeOffset ExpiresAt) ForPutting(string orderId, DeliveryId delivery) =>
        Sealed("/proofs/uploads/", PutPurpose, DeliveryNames.Delivery(orderId, delivery), PutFor);

    internal ProofImage? OpenForReading(string token) => ProofImage.Read(Open(ReadPurpose, token));

    internal (string OrderId, DeliveryId Delivery)? OpenForPutting(string token) =>
        Open(PutPurpose, token) is { } name
        && DeliveryNames.TryDelivery(name, out string order, out DeliveryId delivery)
            ? (order, delivery)
            : null;

    private (string Uri, DateTimeOffset ExpiresAt) Sealed(string path, string purpose, string name, TimeSpan lasts)
    {
        DateTimeOffset expiresAt = Now + lasts;
        string token = seal.Seal(
            purpose, string.Create(CultureInfo.InvariantCulture, $"{expiresAt.ToUnixTimeSeconds()} {name}"));
        return (options.Value.PublicUrl.TrimEnd('/') + path + token, expiresAt);
    }

    private string? Open(string purpose, string token) =>
        seal.TryOpen(purpose, token, out string? text)
        && text.Split(' ') is [string until, string name]
        && long.Parse(until, CultureInfo.InvariantCulture) > Now.ToUnixTimeSeconds()
            ? name
            : null;
}
