using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Grpc.Kestrel.Tests.Probe;

namespace Grpc.Kestrel.Tests.Fuzz;

/// <summary>
/// What the protocol says of a fuzzed call, written from its documents and not from the server: "0" to "16", or "HTTP"
/// for a request that is no call.
/// </summary>
internal static partial class ExpectedStatus
{
    private const int SizeMax = 4 * 1024 * 1024;

    /// <summary>The statuses that are right: several where the server may stumble over one of several faults.</summary>
    public static string[] Of(FuzzedCall call)
    {
        if (!call.IsWeb && !ContentType().IsMatch(call.ContentType))
        {
            return ["HTTP"];
        }

        if (call.Timeout is not null && Timeout().Match(call.Timeout) is var timeout && !timeout.Success)
        {
            return ["13"];
        }

        if (call.Timeout is not null && IsNothing(call.Timeout))
        {
            return ["4"];
        }

        byte[]? body = call.IsWeb ? Decode(call.Body) : call.Body;
        string status = body is null ? "13" : OfMessages(body, call.Encoding, call.IsStream);
        if (status == "0" && call.Binary is not null && !IsBinary(call.Binary))
        {
            return ["13"];
        }

        // Base64 that turns bad after a faulty message: which of the two is seen first depends on what has arrived.
        return body is null ? ["13", "12", "8"] : [status];
    }

    private static string OfMessages(ReadOnlySpan<byte> body, string? encoding, bool isStream)
    {
        int messages = 0;
        while (!body.IsEmpty)
        {
            if (messages == 1 && !isStream)
            {
                return "12";
            }

            if (body.Length < 5 || body[0] > 1)
            {
                return "13";
            }

            uint length = BinaryPrimitives.ReadUInt32BigEndian(body[1..]);
            if (length > SizeMax)
            {
                return "8";
            }

            string compression = body[0] == 0 ? "none" : (encoding ?? "").ToUpperInvariant();
            if (compression is not ("none" or "GZIP" or "DEFLATE"))
            {
                return compression is "" or "IDENTITY" ? "13" : "12";
            }

            if (body.Length - 5 < length
                || Plain(body.Slice(5, (int)length).ToArray(), compression) is not byte[] payload
                || !IsRequest(payload))
            {
                return "13";
            }

            messages++;
            body = body[(5 + (int)length)..];
        }

        return messages == 1 || isStream ? "0" : "12";
    }

    private static byte[]? Plain(byte[] payload, string compression)
    {
        // An empty message compresses to nothing at .NET peers.
        if (compression == "none" || payload.Length == 0)
        {
            return payload;
        }

        try
        {
            using MemoryStream source = new(payload);
            using Stream plain = compression == "GZIP"
                ? new GZipStream(source, CompressionMode.Decompress)
                : new ZLibStream(source, CompressionMode.Decompress);
            using MemoryStream target = new();
            plain.CopyTo(target);
            return IsWhole(payload, target.ToArray(), compression) ? target.ToArray() : null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return null;
        }
    }

    // The runtime takes data that is cut short for data that has ended: the length at the end of gzip data tells, and
    // of deflate data the checksum.
    private static bool IsWhole(byte[] payload, byte[] plain, string compression)
    {
        if (compression == "GZIP")
        {
            return payload.Length >= 18 && BinaryPrimitives.ReadInt32LittleEndian(payload.AsSpan(^4)) == plain.Length;
        }

        (uint a, uint b) = (1, 0);
        foreach (byte next in plain)
        {
            a = (a + next) % 65521;
            b = (b + a) % 65521;
        }

        return payload.Length > 4 && BinaryPrimitives.ReadUInt32BigEndian(payload.AsSpan(^4)) == ((b << 16) | a);
    }

    private static bool IsRequest(byte[] payload)
    {
        try
        {
            ProbeRequest.Parser.ParseFrom(payload);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    // Pieces of base64, each a multiple of four characters with padding at its end or none.
    private static byte[]? Decode(byte[] text)
    {
        string ascii = System.Text.Encoding.Latin1.GetString(text);
        if (text.Length % 4 != 0 || !Base64Pieces().IsMatch(ascii))
        {
            return null;
        }

        using MemoryStream bytes = new();
        foreach (char[] quad in ascii.Chunk(4))
        {
            bytes.Write(Convert.FromBase64String(new string(quad)));
        }

        return bytes.ToArray();
    }

    private static bool IsBinary(string value) => value.Split(',').All(part => BinaryValue().IsMatch(part));

    private static bool IsNothing(string timeout) =>
        timeout[..^1].All(digit => digit == '0') || (timeout[^1] == 'n' && timeout.Length <= 3);

    [GeneratedRegex(@"^application/grpc(\+proto)?( *;.*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex ContentType();

    [GeneratedRegex(@"\A[0-9]{1,8}[HMSmun]\z")]
    private static partial Regex Timeout();

    // The bits that padding leaves over have to be zero (RFC 4648, section 3.5).
    [GeneratedRegex(@"\A(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)*\z")]
    private static partial Regex Base64Pieces();

    [GeneratedRegex(@"\A(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2,3})?=*\z")]
    private static partial Regex BinaryValue();
}
