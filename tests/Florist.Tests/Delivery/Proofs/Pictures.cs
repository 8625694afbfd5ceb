using System.Buffers.Binary;
using System.Text;

namespace Florist.Tests.Delivery.Proofs;

/// <summary>Pictures as cameras and programs write them, full of what nobody should keep.</summary>
internal static class Pictures
{
    public const string Canary = "CANARY-51.4545N-2.5879W";

    public static byte[] Jpeg(int orientation = 1, ushort side = 8) =>
    [
        0xFF, 0xD8,
        .. Segment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 2, 2, .. new byte[12]]),
        .. Segment(0xE1, [.. "Exif\0\0"u8, .. Exif(orientation)]),
        .. Segment(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Text()]),
        .. Segment(0xE2, [.. "MPF\0"u8, .. Text()]),
        .. Segment(0xED, Text()),
        .. Segment(0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 1, .. Text()]),
        .. Segment(0xFE, Text()),
        .. Picture(side),
        0xFF, 0xD9, .. Text(),
    ];

    /// <summary>The part of the file that is the picture itself.</summary>
    public static byte[] Picture(ushort side = 8) =>
    [
        .. Segment(0xDB, new byte[65]),
        .. Segment(0xC2, [8, (byte)(side >> 8), (byte)side, (byte)(side >> 8), (byte)side, 1, 1, 0x11, 0]),
        .. Segment(0xC4, new byte[20]),
        .. Segment(0xDA, [1, 1, 0, 0, 63, 0]), 0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD0, 0x56,
        .. Segment(0xC4, new byte[20]),
        .. Segment(0xDA, [1, 1, 0, 0, 63, 1]), 0x78, 0xFF, 0xD7, 0x9A,
    ];

    public static byte[] Png(int orientation = 1, uint width = 8) =>
    [
        0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n',
        .. Chunk("IHDR", [.. Big(width), .. Big(8), 8, 2, 0, 0, 0]),
        .. Chunk("tEXt", Text()), .. Chunk("iTXt", Text()), .. Chunk("tIME", Text()), .. Chunk("iCCP", Text()),
        .. Chunk("eXIf", Exif(orientation)),
        .. Chunk("gAMA", Big(45455)),
        .. Chunk("IDAT", [1, 2, 3]), .. Chunk("IDAT", [4, 5]),
        .. Chunk("IEND", []), .. Text(),
    ];

    public static byte[] Webp(int orientation = 1, bool moves = false)
    {
        byte[] frame = [0, 0, 0, 0x9D, 0x01, 0x2A, 8, 0, 8, 0, 1, 2, 3];
        byte[] body =
        [
            .. "WEBP"u8,
            .. Riff("VP8X", [0x2C, 0, 0, 0, 7, 0, 0, 7, 0, 0]),
            .. Riff("ICCP", Text()),
            .. moves ? Riff("ANIM", new byte[6]) : [],
            .. Riff("VP8 ", frame),
            .. Riff("EXIF", Exif(orientation)),
            .. Riff("XMP ", Text()),
        ];
        return [.. "RIFF"u8, .. Little((uint)body.Length), .. body, .. Text()];
    }

    public static byte[] Segment(byte marker, byte[] body) =>
        [0xFF, marker, (byte)((body.Length + 2) >> 8), (byte)(body.Length + 2), .. body];

    public static byte[] Chunk(string type, byte[] body)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. body];
        return [.. Big((uint)body.Length), .. named, .. Big(Crc(named))];
    }

    // Little-endian, with a place and a text beside the orientation.
    private static byte[] Exif(int orientation) =>
    [
        .. "II"u8, 42, 0, 8, 0, 0, 0, 2, 0,
        0x0E, 0x01, 2, 0, 23, 0, 0, 0, 38, 0, 0, 0,
        0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0,
        0, 0, 0, 0, .. Text(),
    ];

    private static byte[] Riff(string type, byte[] body) =>
    [
        .. Encoding.ASCII.GetBytes(type), .. Little((uint)body.Length), .. body,
        .. (body.Length & 1) == 1 ? new byte[1] : [],
    ];

    private static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte one in bytes)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : 0xEDB88320 ^ (crc >> 1);
            }
        }

        return ~crc;
    }

    private static byte[] Text() => Encoding.ASCII.GetBytes(Canary);

    private static byte[] Big(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Little(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
