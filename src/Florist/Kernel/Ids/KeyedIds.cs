using System.Security.Cryptography;
using System.Text;

namespace Florist.Kernel;

/// <summary>Identifiers from the operating system's randomness and an installation's secret key.</summary>
/// <param name="key">At least 32 secret bytes, the same for the whole life of the installation.</param>
public sealed class KeyedIds(byte[] key) : IIds
{
    private const int IdLength = 20;

    /// <inheritdoc/>
    public string Next()
    {
        Span<byte> bytes = stackalloc byte[13];
        RandomNumberGenerator.Fill(bytes);
        return Base32.Encode(bytes, IdLength);
    }

    /// <inheritdoc/>
    public string Derived(string principal, string method, string requestId)
    {
        // The unit separator cannot stand in any of the parts, so no two triples share an input.
        byte[] input = Encoding.UTF8.GetBytes($"{principal}\u001F{method}\u001F{requestId}");
        return Base32.Encode(HMACSHA256.HashData(key, input), IdLength);
    }
}
