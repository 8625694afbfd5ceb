using System.Buffers;
using System.Buffers.Binary;

namespace Grpc.Kestrel.Wire;

/// <summary>
/// Checks that compressed data ends as its format demands. The runtime's decompressors take data that is cut short for
/// data that has ended, which would pass half a message on as a whole one.
/// </summary>
internal static class CompressedEnd
{
    private const int GzipLengthMin = 18;
    private const uint AdlerModulus = 65521;

    // The most bytes whose sums fit 32 bits before they must be reduced.
    private const int AdlerBlock = 5552;

    /// <summary>False when the data lacks its end. Formats that are not known here are taken as they are.</summary>
    public static bool IsThere(string encoding, in ReadOnlySequence<byte> compressed, ReadOnlySpan<byte> plain) =>
        encoding switch
        {
            "gzip" => compressed.Length >= GzipLengthMin
                && BinaryPrimitives.ReadUInt32LittleEndian(Last4(compressed, stackalloc byte[4])) == (uint)plain.Length,
            "deflate" => compressed.Length > 4
                && BinaryPrimitives.ReadUInt32BigEndian(Last4(compressed, stackalloc byte[4])) == Adler32(plain),
            _ => true,
        };

    /// <summary>The checksum of RFC 1950.</summary>
    public static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        uint low = 1;
        uint high = 0;
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(bytes.Length, AdlerBlock);
            foreach (byte b in bytes[..count])
            {
                low += b;
                high += low;
            }

            low %= AdlerModulus;
            high %= AdlerModulus;
            bytes = bytes[count..];
        }

        return (high << 16) | low;
    }

    private static ReadOnlySpan<byte> Last4(in ReadOnlySequence<byte> sequence, Span<byte> target)
    {
        sequence.Slice(sequence.Length - 4).CopyTo(target);
        return target;
    }
}
