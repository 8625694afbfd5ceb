using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Florist.Adapters.Payments;

/// <summary>
/// The signature of a webhook: <c>t=1781092800,v1=9f2c…</c>, where <c>v1</c> is the HMAC-SHA256 of the time in
/// seconds, a dot and the body. The time is signed too, so an old message cannot be played again later.
/// </summary>
internal sealed class PaymentSignature(byte[] secret, TimeSpan tolerance)
{
    /// <summary>The header that carries it.</summary>
    public const string Header = "Payments-Signature";

    /// <summary>Signs a body.</summary>
    public string Sign(ReadOnlySpan<byte> body, DateTimeOffset at)
    {
        long seconds = at.ToUnixTimeSeconds();
        return string.Create(
            CultureInfo.InvariantCulture, $"t={seconds},v1={Convert.ToHexStringLower(Mac(seconds, body))}");
    }

    /// <summary>Whether a signature is right and recent. Takes the same time for every wrong one.</summary>
    public bool Verifies(string? signature, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (signature is null || signature.Length > 200
            || signature.Split(',') is not [['t', '=', .. string time], ['v', '1', '=', .. string hex]]
            || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            || hex.Length != 64 || !hex.All(char.IsAsciiHexDigitLower))
        {
            return false;
        }

        bool isRight = CryptographicOperations.FixedTimeEquals(Convert.FromHexString(hex), Mac(seconds, body));
        double apart = Math.Abs((double)now.ToUnixTimeSeconds() - seconds);
        return isRight && apart <= tolerance.TotalSeconds;
    }

    private byte[] Mac(long seconds, ReadOnlySpan<byte> body)
    {
        string time = seconds.ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(time), (byte)'.', .. body];
        return HMACSHA256.HashData(secret, signed);
    }
}
