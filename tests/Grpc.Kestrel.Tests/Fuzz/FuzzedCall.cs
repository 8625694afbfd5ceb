using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using Grpc.Kestrel.Tests.Probe;
using Grpc.Kestrel.Tests.Testing;

namespace Grpc.Kestrel.Tests.Fuzz;

/// <summary>A call that is right or wrong in one or several ways.</summary>
internal sealed record FuzzedCall
{
    public required bool IsWeb { get; init; }

    public required bool IsStream { get; init; }

    public string ContentType { get; private init; } = "application/grpc";

    public string? Encoding { get; private init; }

    public string? Timeout { get; private init; }

    public string? Binary { get; private init; }

    public required byte[] Body { get; init; }

    /// <summary>The body leaves in parts of this length; 0 for at once.</summary>
    public int PartLength { get; private init; }

    /// <summary>The same number makes the same call.</summary>
    public static FuzzedCall Make(int seed)
    {
        Random random = new(seed);
        bool isWeb = random.Next(5) == 0;
        string? encoding = Pick(random, null, null, "gzip", "deflate", "identity", "snappy", "GZIP", "");
        byte[] body = MakeBody(random, encoding);
        if (isWeb)
        {
            body = MakeBase64(random, body);
        }

        return new FuzzedCall
        {
            IsWeb = isWeb,
            IsStream = random.Next(3) == 0,
            Body = body,
            Encoding = encoding,
            ContentType = isWeb
                ? "application/grpc-web-text"
                : Pick(random, "application/grpc", "application/grpc", "application/grpc+proto", "application/GRPC;x=y",
                    "application/grpc+json", "application/grpcx", "text/plain") ?? "",
            Timeout = random.Next(4) == 0 ? MakeTimeout(random) : null,
            Binary = random.Next(4) == 0 ? MakeBinary(random) : null,
            PartLength = random.Next(4) == 0 ? random.Next(1, 8) : 0,
        };
    }

    public HttpRequestMessage ToRequest()
    {
        string method = IsStream ? "Collect" : "Unary";
        HttpRequestMessage request = RawCall.Request(
            method,
            PartLength > 0 ? new PartsContent(Body, PartLength, "application/grpc") : new ByteArrayContent(Body));
        Assert.NotNull(request.Content);
        request.Content.Headers.Remove("content-type");
        Assert.True(request.Content.Headers.TryAddWithoutValidation("content-type", ContentType));
        foreach ((string name, string? value) in
            new[] { ("grpc-encoding", Encoding), ("grpc-timeout", Timeout), ("noise-bin", Binary) })
        {
            if (value is not null)
            {
                request.With(name, value);
            }
        }

        return request;
    }

    private static string? Pick(Random random, params string?[] values) => values[random.Next(values.Length)];

    private static byte[] MakeBody(Random random, string? encoding)
    {
        using MemoryStream body = new();
        int frames = random.Next(8) == 0 ? random.Next(4) : 1;
        for (int i = 0; i < frames; i++)
        {
            body.Write(MakeFrame(random, encoding));
        }

        byte[] bytes = body.ToArray();
        return random.Next(6) switch
        {
            0 => bytes[..random.Next(bytes.Length + 1)],
            1 => Spoil(random, bytes),
            _ => bytes,
        };
    }

    private static byte[] MakeFrame(Random random, string? encoding)
    {
        byte[] payload = MakePayload(random);
        byte flag = (byte)(random.Next(12) == 0 ? random.Next(256) : random.Next(3) == 0 ? 1 : 0);
        if (flag == 1)
        {
            payload = encoding switch
            {
                "gzip" or "GZIP" => RawCall.Gzip(payload),
                "deflate" => RawCall.Zlib(payload),
                _ => payload,
            };
            payload = random.Next(5) switch
            {
                0 => payload[..random.Next(payload.Length + 1)],
                1 => Spoil(random, payload),
                _ => payload,
            };
        }

        byte[] frame = RawCall.Frame(flag, payload);
        if (random.Next(12) == 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)random.NextInt64(uint.MaxValue + 1L));
        }

        return frame;
    }

    private static byte[] MakePayload(Random random)
    {
        byte[] payload = new ProbeRequest
        {
            Text = new string('x', random.Next(40)),
            Number = random.Next(),
            Payload = ByteString.CopyFrom(new byte[random.Next(200)]),
        }.ToByteArray();
        return random.Next(6) == 0 ? Spoil(random, payload) : payload;
    }

    private static byte[] Spoil(Random random, byte[] bytes)
    {
        byte[] spoiled = [.. bytes];
        for (int i = random.Next(1, 4); i > 0 && spoiled.Length > 0; i--)
        {
            spoiled[random.Next(spoiled.Length)] = (byte)random.Next(256);
        }

        return spoiled;
    }

    private static byte[] MakeBase64(Random random, byte[] bytes)
    {
        StringBuilder text = new();
        foreach (byte[] piece in bytes.Chunk(random.Next(1, 100)))
        {
            text.Append(Convert.ToBase64String(piece));
        }

        byte[] ascii = Ascii(text.ToString());
        return random.Next(4) == 0 ? Spoil(random, ascii) : ascii;
    }

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);

    private static string MakeTimeout(Random random) => random.Next(4) switch
    {
        0 => Pick(random, "", "1", "m", "-5m", "1X", "1 S", "0m", "123456789S", "99999999H", "+1S", "1s", "0n", "1h")
            ?? "",
        1 => $"{random.Next(100)}{MakeUnit(random)}",
        _ => $"{random.Next(60, 100_000)}{"HMS"[random.Next(3)]}",
    };

    // No unit in which so small a number would be a time that may or may not pass during the call.
    private static char MakeUnit(Random random)
    {
        char unit = (char)random.Next('!', '~');
        return unit is 'S' or 'm' or 'u' or 'n' ? '?' : unit;
    }

    private static string MakeBinary(Random random)
    {
        string text = Convert.ToBase64String(Ascii(new string('y', random.Next(20))));
        return random.Next(4) switch
        {
            0 => text.TrimEnd('='),
            1 => text + "," + text,
            2 => string.Concat(text.Select(c => random.Next(9) == 0 ? (char)random.Next('!', '~') : c)),
            _ => text,
        };
    }
}
