using System.Buffers;
using System.Buffers.Binary;
using Grpc.Core;

namespace Grpc.Kestrel.Wire;

/// <summary>The five bytes in front of each message: a flag and the big-endian length.</summary>
internal static class MessageFrame
{
    public const int PrefixLength = 5;

    /// <summary>Reads a prefix, refusing a message by its length alone, before its payload has come.</summary>
    /// <returns>False when fewer than five bytes are there.</returns>
    /// <exception cref="RpcException">INTERNAL for an unknown flag, RESOURCE_EXHAUSTED over the limit.</exception>
    public static bool TryReadPrefix(
        in ReadOnlySequence<byte> buffer, int limit, out bool isCompressed, out int length)
    {
        isCompressed = false;
        length = 0;
        if (buffer.Length < PrefixLength)
        {
            return false;
        }

        Span<byte> copy = stackalloc byte[PrefixLength];
        scoped ReadOnlySpan<byte> prefix = buffer.FirstSpan;
        if (prefix.Length < PrefixLength)
        {
            buffer.Slice(0, PrefixLength).CopyTo(copy);
            prefix = copy;
        }

        if (prefix[0] > 1)
        {
            throw new RpcException(new Status(StatusCode.Internal, "A message begins with an unknown flag."));
        }

        uint announced = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (announced > (uint)limit)
        {
            throw TooLargeToReceive();
        }

        isCompressed = prefix[0] == 1;
        length = (int)announced;
        return true;
    }

    public static void WritePrefix(Span<byte> target, bool isCompressed, int length)
    {
        target[0] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(target[1..], length);
    }

    public static RpcException TooLargeToReceive() => new(new Status(
        StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size."));

    public static RpcException TooLargeToSend() => new(new Status(
        StatusCode.ResourceExhausted, "Sending message exceeds the maximum configured message size."));
}
