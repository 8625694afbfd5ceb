using System.Buffers.Binary;
using System.Security.Cryptography;
using Florist.Kernel;

namespace Florist.Delivery.Proofs;

/// <summary>A picture with nothing in it but the picture.</summary>
/// <param name="Content">The bytes.</param>
/// <param name="MimeType">What it is, by its content.</param>
internal sealed record CleanImage(byte[] Content, string MimeType)
{
    public const int BytesMax = 10 * 1024 * 1024;
    private const int SideMax = 12_000;
    private const long PixelsMax = 50_000_000;

    private static readonly Fault NoImage =
        Fault.Invalid("image", "NOT_AN_IMAGE", "must be a JPEG, PNG or WebP image that is whole");

    /// <summary>SHA-256 of the content, in lower-case hexadecimal digits.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Content));

    /// <summary>
    /// What a picture is and shows, without what its camera noted: place, time, device, thumbnail, comments. It is told
    /// by its content alone, and is not decoded: only how it is to be turned is kept.
    /// </summary>
    public static Outcome<CleanImage> Of(ReadOnlySpan<byte> sent)
    {
        if (sent.Length > BytesMax)
        {
            return Fault.Invalid("image", "IMAGE_TOO_LARGE", $"has more than {BytesMax} bytes");
        }

        try
        {
            return MimeTypeOf(sent) switch
            {
                "image/jpeg" => new CleanImage(JpegCleaner.Clean(sent), "image/jpeg"),
                "image/png" => new CleanImage(PngCleaner.Clean(sent), "image/png"),
                "image/webp" => new CleanImage(WebpCleaner.Clean(sent), "image/webp"),
                _ => NoImage,
            };
        }
        catch (InvalidDataException)
        {
            return NoImage;
        }
        catch (ArgumentOutOfRangeException)
        {
            // It says that it is longer than it is.
            return NoImage;
        }
        catch (IndexOutOfRangeException)
        {
            return NoImage;
        }
    }

    /// <summary>What bytes are by how they begin; null for none of the three.</summary>
    public static string? MimeTypeOf(ReadOnlySpan<byte> content) =>
        content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : content.StartsWith(PngCleaner.Signature) ? "image/png"
        : content.Length >= 16 && content.StartsWith("RIFF"u8) && content[8..].StartsWith("WEBPVP8"u8) ? "image/webp"
        : null;

    /// <summary>Refuses what nobody photographs, and what would make viewers burst.</summary>
    public static void CheckSize(long width, long height)
    {
        if (width is < 1 or > SideMax || height is < 1 or > SideMax || width * height > PixelsMax)
        {
            throw new InvalidDataException("a picture of an impossible size");
        }
    }
}

/// <summary>How a picture is to be turned, as the TIFF structure of EXIF says; all else of it is left behind.</summary>
internal static class Orientation
{
    private const ushort Tag = 0x0112;
    private const int EntriesMax = 200;

    /// <summary>1 to 8; 1, the plain one, where it is not said or makes no sense.</summary>
    public static int Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 14)
        {
            return 1;
        }

        bool isLittle = tiff.StartsWith("II"u8);
        uint start = Number(tiff, 4, isLittle);
        if (start > tiff.Length - 2)
        {
            return 1;
        }

        int count = Math.Min(Short(tiff, (int)start, isLittle), (ushort)EntriesMax);
        for (int i = 0; i < count; i++)
        {
            int at = (int)start + 2 + (12 * i);
            if (at + 12 > tiff.Length)
            {
                return 1;
            }

            if (Short(tiff, at, isLittle) == Tag)
            {
                int turned = Short(tiff, at + 8, isLittle);
                return turned is >= 1 and <= 8 ? turned : 1;
            }
        }

        return 1;
    }

    /// <summary>A TIFF structure that says this and nothing else.</summary>
    public static byte[] Write(int orientation) =>
    [
        (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0,
        0, 0, 0, 0,
    ];

    private static ushort Short(ReadOnlySpan<byte> bytes, int at, bool isLittle) => isLittle
        ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..])
        : BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    private static uint Number(ReadOnlySpan<byte> bytes, int at, bool isLittle) => isLittle
        ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..])
        : BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
}
