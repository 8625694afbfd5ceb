using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Florist.Customers;
using Florist.Kernel;

namespace Florist.Messaging;

/// <summary>
/// Names a message among those of one customer: the last part of <c>customers/{customer}/messages/{message}</c>. It
/// is made of the instant and the key of what it tells of, and of the channel: the same news on the same channel
/// always has the same id, so that nothing is said twice, and ids sort by time.
/// </summary>
/// <param name="Value"><see cref="Length"/> characters of lower-case base32.</param>
public readonly record struct MessageId(string Value) : IId<MessageId>
{
    /// <summary>Length of every id.</summary>
    public const int Length = TimeLength + KeyLength + 1;

    // 45 bits of milliseconds last until the year 3084; 60 bits of the key tell news of one customer and instant apart.
    private const int TimeLength = 9;
    private const int KeyLength = 12;

    /// <summary>What the ids of one piece of news have in common on all channels; they follow it in order.</summary>
    /// <param name="key">The key of the candidate.</param>
    /// <param name="occurredAt">When it happened, in 1970 or later.</param>
    public static string Prefix(string key, DateTimeOffset occurredAt)
    {
        ulong time = (ulong)Math.Max(0, occurredAt.ToUnixTimeMilliseconds()) << (64 - (TimeLength * 5));
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, time);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        return Base32.Encode(bytes, TimeLength) + Base32.Encode(hash, KeyLength);
    }

    /// <summary>The id of a piece of news on a channel.</summary>
    public static MessageId Of(string prefix, Channel channel) => new(prefix + Letter(channel));

    /// <summary>True for a text that could be an id.</summary>
    public static bool IsWellFormed(string text) =>
        text.Length == Length && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));

    /// <inheritdoc/>
    public static MessageId From(string value) => new(value);

    /// <summary>The id of the same news on another channel.</summary>
    public MessageId On(Channel channel) => new(Value[..^1] + Letter(channel));

    /// <summary>The resource name, as <c>customers/7q2x/messages/0d3…e</c>.</summary>
    public string Name(CustomerId customer) => $"{customer.Name}/messages/{Value}";

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static char Letter(Channel channel) => channel switch
    {
        Channel.Email => 'e',
        Channel.Sms => 's',
        Channel.Push => 'p',
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "a channel without a letter"),
    };
}
