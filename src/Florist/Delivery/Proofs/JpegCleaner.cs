using System.Buffers.Binary;

namespace Florist.Delivery.Proofs;

/// <summary>Copies of a JPEG file what the picture is made of, marker by marker (ITU T.81, annex B).</summary>
internal static class JpegCleaner
{
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;
    private const byte Comment = 0xFE;
    private const byte App0 = 0xE0;
    private const byte App1 = 0xE1;
    private const byte App14 = 0xEE;
    private const byte App15 = 0xEF;
    private const int AdobeLength = 12;
    private const int JfifLength = 14;

    public static byte[] Clean(ReadOnlySpan<byte> sent)
    {
        using MemoryStream kept = new(sent.Length);
        int orientation = 1;
        bool hasFrame = false;
        bool hasScan = false;
        int at = 2;
        while (true)
        {
            byte marker = Marker(sent, ref at);
            if (marker == EndOfImage)
            {
                break;
            }

            ReadOnlySpan<byte> body = Body(sent, ref at);
            if (IsFrame(marker))
            {
                hasFrame = !hasFrame ? CheckFrame(marker, body) : throw new InvalidDataException("two pictures");
            }

            if (marker == App1 && body.StartsWith("Exif\0\0"u8))
            {
                orientation = Orientation.Read(body[6..]);
            }

            Write(kept, marker, Kept(marker, body));
            if (marker == StartOfScan)
            {
                hasScan = true;
                ReadOnlySpan<byte> scan = Scan(sent, at);
                kept.Write(scan);
                at += scan.Length;
            }
        }

        return hasFrame && hasScan
            ? Whole(kept.ToArray(), orientation)
            : throw new InvalidDataException("no picture");
    }

    private static byte[] Whole(byte[] kept, int orientation)
    {
        using MemoryStream whole = new(kept.Length + 64);
        whole.Write([0xFF, 0xD8]);
        if (orientation != 1)
        {
            Write(whole, App1, [.. "Exif\0\0"u8, .. Orientation.Write(orientation)]);
        }

        whole.Write(kept);
        whole.Write([0xFF, EndOfImage]);
        return whole.ToArray();
    }

    // Of what programs may add, two things change how the picture looks: its density and how its colours are coded.
    private static ReadOnlySpan<byte> Kept(byte marker, ReadOnlySpan<byte> body) => marker switch
    {
        App0 when body.StartsWith("JFIF\0"u8) && body.Length >= JfifLength =>
            (byte[])[.. body[..(JfifLength - 2)], 0, 0],
        App14 when body.StartsWith("Adobe"u8) && body.Length >= AdobeLength => body[..AdobeLength],
        >= App0 and <= App15 or Comment => default,
        _ => body,
    };

    private static void Write(MemoryStream kept, byte marker, ReadOnlySpan<byte> body)
    {
        bool isDropped = body.IsEmpty;
        if (!isDropped)
        {
            Span<byte> head = [0xFF, marker, 0, 0];
            BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)(body.Length + 2));
            kept.Write(head);
            kept.Write(body);
        }
    }

    private static byte Marker(ReadOnlySpan<byte> sent, ref int at)
    {
        if (sent[at] != 0xFF)
        {
            throw new InvalidDataException("no marker where one must be");
        }

        while (sent[at] == 0xFF)
        {
            at++;
            if (at >= sent.Length)
            {
                throw new InvalidDataException("ends within a marker");
            }
        }

        return sent[at++];
    }

    private static ReadOnlySpan<byte> Body(ReadOnlySpan<byte> sent, ref int at)
    {
        int length = BinaryPrimitives.ReadUInt16BigEndian(sent[at..]);
        if (length < 2)
        {
            throw new InvalidDataException("a segment without a length");
        }

        ReadOnlySpan<byte> body = sent.Slice(at + 2, length - 2);
        at += length;
        return body;
    }

    // Coded data goes on until a marker that is neither a stuffed byte nor a restart.
    private static ReadOnlySpan<byte> Scan(ReadOnlySpan<byte> sent, int start)
    {
        for (int at = start; at < sent.Length - 1; at++)
        {
            if (sent[at] == 0xFF && sent[at + 1] is not (0x00 or >= 0xD0 and <= 0xD7 or 0xFF))
            {
                return sent[start..at];
            }
        }

        throw new InvalidDataException("ends within a scan");
    }

    private static bool IsFrame(byte marker) =>
        marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    // Baseline, extended and progressive: what cameras make and everything shows.
    private static bool CheckFrame(byte marker, ReadOnlySpan<byte> body)
    {
        if (marker > 0xC2 || body.Length < 6)
        {
            throw new InvalidDataException("a kind of JPEG that nobody shows");
        }

        CleanImage.CheckSize(
            BinaryPrimitives.ReadUInt16BigEndian(body[3..]), BinaryPrimitives.ReadUInt16BigEndian(body[1..]));
        return true;
    }
}
