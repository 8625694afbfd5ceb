using System.Buffers.Binary;
using System.Text;

namespace Florist.Delivery.Proofs;

/// <summary>
/// Copies of a WebP file (RFC 9649) the chunks that the picture is made of. Moving pictures are none.
/// </summary>
internal static class WebpCleaner
{
    private const int HeadLength = 12;
    private const int ExtendedLength = 10;
    private const byte AlphaFlag = 0x10;
    private const byte ExifFlag = 0x08;

    public static byte[] Clean(ReadOnlySpan<byte> sent)
    {
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(sent[4..]);
        if (size > sent.Length - 8)
        {
            throw new InvalidDataException("longer than the file");
        }

        ReadOnlySpan<byte> body = sent[HeadLength..(int)(8 + size)];
        ReadOnlySpan<byte> picture = Find(body, "VP8 ");
        bool isLossless = picture.IsEmpty;
        picture = isLossless ? Find(body, "VP8L") : picture;
        if (picture.IsEmpty || !Find(body, "ANMF").IsEmpty || !Find(body, "ANIM").IsEmpty)
        {
            throw new InvalidDataException("no picture, or several");
        }

        (int width, int height) = isLossless ? LosslessSize(picture) : LossySize(picture);
        CleanImage.CheckSize(width, height);
        ReadOnlySpan<byte> alpha = isLossless ? default : Find(body, "ALPH");
        int orientation = OrientationOf(Find(body, "EXIF"));
        using MemoryStream whole = new(sent.Length);
        if (!alpha.IsEmpty || orientation != 1)
        {
            bool mayHaveAlpha = Find(body, "VP8X") is [var flags, ..] && (flags & AlphaFlag) != 0;
            bool hasAlpha = !alpha.IsEmpty || (isLossless && mayHaveAlpha);
            Write(whole, "VP8X", Extended(hasAlpha, orientation, width, height));
            Write(whole, "ALPH", alpha);
        }

        Write(whole, isLossless ? "VP8L" : "VP8 ", picture);
        Write(whole, "EXIF", orientation == 1 ? default : Orientation.Write(orientation));
        return [.. "RIFF"u8, .. Number((uint)whole.Length + 4), .. "WEBP"u8, .. whole.ToArray()];
    }

    private static byte[] Extended(bool hasAlpha, int orientation, int width, int height)
    {
        byte[] head = new byte[ExtendedLength];
        head[0] = (byte)((hasAlpha ? AlphaFlag : 0) | (orientation == 1 ? 0 : ExifFlag));
        Number((uint)(width - 1)).AsSpan(0, 3).CopyTo(head.AsSpan(4));
        Number((uint)(height - 1)).AsSpan(0, 3).CopyTo(head.AsSpan(7));
        return head;
    }

    // Some write the TIFF structure alone, some with the words that stand before it in a JPEG file.
    private static int OrientationOf(ReadOnlySpan<byte> exif) =>
        Orientation.Read(exif.StartsWith("Exif\0\0"u8) ? exif[6..] : exif);

    private static (int Width, int Height) LossySize(ReadOnlySpan<byte> picture)
    {
        if (picture.Length < 10 || !picture[3..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A]))
        {
            throw new InvalidDataException("no key frame");
        }

        return (
            BinaryPrimitives.ReadUInt16LittleEndian(picture[6..]) & 0x3FFF,
            BinaryPrimitives.ReadUInt16LittleEndian(picture[8..]) & 0x3FFF);
    }

    private static (int Width, int Height) LosslessSize(ReadOnlySpan<byte> picture)
    {
        if (picture.Length < 5 || picture[0] != 0x2F)
        {
            throw new InvalidDataException("no lossless picture");
        }

        uint bits = BinaryPrimitives.ReadUInt32LittleEndian(picture[1..]);
        return ((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);
    }

    // The first chunk of a type; empty when there is none.
    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> body, string type)
    {
        int at = 0;
        while (at < body.Length)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(body[(at + 4)..]);
            if (length > body.Length - at - 8)
            {
                throw new InvalidDataException("a chunk longer than the file");
            }

            if (Encoding.ASCII.GetString(body.Slice(at, 4)) == type)
            {
                return body.Slice(at + 8, (int)length);
            }

            at += 8 + (int)length + (int)(length & 1);
        }

        return default;
    }

    private static void Write(MemoryStream whole, string type, ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return;
        }

        whole.Write(Encoding.ASCII.GetBytes(type));
        whole.Write(Number((uint)body.Length));
        whole.Write(body);
        if ((body.Length & 1) == 1)
        {
            whole.WriteByte(0);
        }
    }

    private static byte[] Number(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
