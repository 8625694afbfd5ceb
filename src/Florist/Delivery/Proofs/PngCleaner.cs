using System.Buffers.Binary;

namespace Florist.Delivery.Proofs;

/// <summary>Copies of a PNG file the chunks that the picture is made of.</summary>
internal static class PngCleaner
{
    private const int HeaderLength = 13;

    private static readonly string[] Kept = ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB"];
    private static readonly uint[] Crcs = [.. Enumerable.Range(0, 256).Select(value => CrcOf((uint)value))];

    /// <summary>How every PNG file begins.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] Clean(ReadOnlySpan<byte> sent)
    {
        using MemoryStream whole = new(sent.Length);
        whole.Write(Signature);
        int orientation = OrientationOf(sent);
        int at = Signature.Length;
        string type;
        bool hasData = false;
        bool isFirst = true;
        do
        {
            ReadOnlySpan<byte> chunk = Chunk(sent, ref at, out type);
            Check(type, chunk, isFirst);
            if (type == "IDAT" && !hasData && orientation != 1)
            {
                Write(whole, "eXIf", Orientation.Write(orientation));
            }

            hasData |= type == "IDAT";
            isFirst = false;
            if (Kept.Contains(type))
            {
                Write(whole, type, chunk);
            }
        }
        while (type != "IEND");

        return hasData ? whole.ToArray() : throw new InvalidDataException("no picture");
    }

    private static int OrientationOf(ReadOnlySpan<byte> sent)
    {
        int at = Signature.Length;
        string type;
        do
        {
            ReadOnlySpan<byte> chunk = Chunk(sent, ref at, out type);
            if (type == "eXIf")
            {
                return Orientation.Read(chunk);
            }
        }
        while (type != "IEND");

        return 1;
    }

    private static void Check(string type, ReadOnlySpan<byte> chunk, bool isFirst)
    {
        if (isFirst != (type == "IHDR") || (isFirst && chunk.Length != HeaderLength))
        {
            throw new InvalidDataException("a header must come first, and once");
        }

        if (isFirst)
        {
            CleanImage.CheckSize(
                BinaryPrimitives.ReadUInt32BigEndian(chunk), BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]));
        }

        // What must be understood and is not known may hold anything.
        if (char.IsAsciiLetterUpper(type[0]) && !Kept.Contains(type))
        {
            throw new InvalidDataException("a chunk that is not known");
        }
    }

    private static ReadOnlySpan<byte> Chunk(ReadOnlySpan<byte> sent, ref int at, out string type)
    {
        uint length = BinaryPrimitives.ReadUInt32BigEndian(sent[at..]);
        if (length > sent.Length)
        {
            throw new InvalidDataException("longer than the file");
        }

        ReadOnlySpan<byte> named = sent.Slice(at + 4, (int)length + 4);
        if (Crc(named) != BinaryPrimitives.ReadUInt32BigEndian(sent[(at + 8 + (int)length)..])
            || named[..4].ContainsAnyExceptInRange((byte)'A', (byte)'z'))
        {
            throw new InvalidDataException("damaged");
        }

        type = System.Text.Encoding.ASCII.GetString(named[..4]);
        at += 12 + (int)length;
        return named[4..];
    }

    private static void Write(MemoryStream whole, string type, ReadOnlySpan<byte> body)
    {
        byte[] named = [.. System.Text.Encoding.ASCII.GetBytes(type), .. body];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(number, (uint)body.Length);
        whole.Write(number);
        whole.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(named));
        whole.Write(number);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte one in bytes)
        {
            crc = Crcs[(crc ^ one) & 0xFF] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint CrcOf(uint value)
    {
        for (int bit = 0; bit < 8; bit++)
        {
            value = (value & 1) == 0 ? value >> 1 : 0xEDB88320 ^ (value >> 1);
        }

        return value;
    }
}
