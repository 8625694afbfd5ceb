using System.Security.Cryptography;
using System.Text;
using Florist.Kernel;
using Orleans;

namespace Florist.Delivery;

/// <summary>
/// Access keys of couriers as bearer tokens, <c>fck.{courier}.{key}.{secret}</c>. A key is looked up with every call,
/// so that a revoked one is refused at once.
/// </summary>
public sealed class CourierKeys(IGrainFactory grains)
{
    private const string Prefix = "fck.";

    /// <summary>True for a token that is, or wants to be, an access key.</summary>
    public static bool Looks(string token) => token.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The courier of a key; null when it does not work.</summary>
    public async Task<Caller?> Read(string token)
    {
        if (token.Length > 200 || token.Split('.') is not ["fck", string courier, string key, string secret]
            || DeliveryNames.CourierOf($"couriers/{courier}") is not { } id || !DeliveryNames.IsId(key))
        {
            return null;
        }

        Outcome<KeyAdmission> admission = await Grain(id).Admit(key, HashOf(secret));
        return admission.Failed(out _, out KeyAdmission? admitted)
            ? null
            : new Caller(CallerKind.Courier, courier) { KeyId = key, ExpiresAt = admitted.ExpiresAt };
    }

    /// <summary>Why a courier may not work at present; null when it may, and for any other caller.</summary>
    public async Task<Fault?> Refusal(Caller caller) => caller.Kind == CallerKind.Courier
        && DeliveryNames.CourierOf($"couriers/{caller.Id}") is { } id
            ? (await Grain(id).Standing(caller.KeyId, producer: null)).Fault
            : null;

    /// <summary>A new key: its token, and the hash that is kept of it.</summary>
    internal static (string Token, string SecretHash) Make(CourierId courier, string keyId, IIds ids)
    {
        string secret = ids.Next() + ids.Next();
        return ($"{Prefix}{courier}.{keyId}.{secret}", HashOf(secret));
    }

    private static string HashOf(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private ICourierGrain Grain(CourierId courier) => grains.GetGrain<ICourierGrain>(courier.Value);
}
