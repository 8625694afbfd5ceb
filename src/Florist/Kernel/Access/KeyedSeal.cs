using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Florist.Kernel;

/// <summary>
/// Seals with AES-256-GCM. Every text gets a key of its own, derived by HKDF from the installation's secret, the
/// purpose and a random salt: one purpose never opens another's, and no number of texts wears a key out.
/// </summary>
/// <param name="secret">At least 32 secret bytes, the same for the whole life of the installation.</param>
public sealed class KeyedSeal(byte[] secret) : ISeal
{
    // A sealed text is: form, salt, ciphertext, tag. The nonce is derived with the key, as the salt is never repeated.
    private const byte Form = 1;
    private const int SaltBytes = 16;
    private const int TagBytes = 16;
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;

    // Longer texts are not ours; they are refused before any work is done on them.
    private const int SealedLengthMax = 64 * 1024;

    /// <inheritdoc/>
    public string Seal(string purpose, string text)
    {
        byte[] plain = Encoding.UTF8.GetBytes(text);
        byte[] whole = new byte[1 + SaltBytes + plain.Length + TagBytes];
        whole[0] = Form;
        Span<byte> salt = whole.AsSpan(1, SaltBytes);
        RandomNumberGenerator.Fill(salt);
        Span<byte> derived = stackalloc byte[KeyBytes + NonceBytes];
        Derive(purpose, salt, derived);
        using AesGcm cipher = new(derived[..KeyBytes], TagBytes);
        cipher.Encrypt(
            derived[KeyBytes..],
            plain,
            whole.AsSpan(1 + SaltBytes, plain.Length),
            whole.AsSpan(1 + SaltBytes + plain.Length));
        return Base64Url.EncodeToString(whole);
    }

    /// <inheritdoc/>
    public bool TryOpen(string purpose, string sealedText, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (sealedText.Length > SealedLengthMax || !Base64Url.IsValid(sealedText))
        {
            return false;
        }

        byte[] whole = Base64Url.DecodeFromChars(sealedText);
        int length = whole.Length - 1 - SaltBytes - TagBytes;
        if (length < 0 || whole[0] != Form)
        {
            return false;
        }

        Span<byte> derived = stackalloc byte[KeyBytes + NonceBytes];
        Derive(purpose, whole.AsSpan(1, SaltBytes), derived);
        byte[] plain = new byte[length];
        using AesGcm cipher = new(derived[..KeyBytes], TagBytes);
        try
        {
            cipher.Decrypt(
                derived[KeyBytes..],
                whole.AsSpan(1 + SaltBytes, length),
                whole.AsSpan(1 + SaltBytes + length),
                plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        text = Encoding.UTF8.GetString(plain);
        return true;
    }

    private void Derive(string purpose, ReadOnlySpan<byte> salt, Span<byte> derived) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, derived, salt, Encoding.UTF8.GetBytes(purpose));
}
