using System.Buffers;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Kestrel.Wire;

/// <summary>The compression algorithms that one side of a call has.</summary>
internal sealed class Encodings
{
    private readonly Dictionary<string, ICompressionProvider> providers = new(StringComparer.OrdinalIgnoreCase);

    public Encodings(IEnumerable<ICompressionProvider> compressionProviders)
    {
        foreach (ICompressionProvider provider in compressionProviders)
        {
            providers[provider.EncodingName] = provider;
        }

        AcceptField = string.Join(',', [FieldNames.IdentityEncoding, .. providers.Keys]);
    }

    public static Encodings Default { get; } = new(
    [
        new GzipCompressionProvider(CompressionLevel.Fastest),
        new DeflateCompressionProvider(CompressionLevel.Fastest),
    ]);

    /// <summary>The value of <c>grpc-accept-encoding</c>.</summary>
    public string AcceptField { get; }

    public ICompressionProvider? Find(string name) => providers.GetValueOrDefault(name);

    /// <summary>True when a comma-separated list of algorithms has this one.</summary>
    public static bool Accepts(string? acceptField, string name)
    {
        if (acceptField is null)
        {
            return false;
        }

        foreach (Range part in acceptField.AsSpan().Split(','))
        {
            if (acceptField.AsSpan()[part].Trim(' ').Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Decompresses a message, stopping as soon as it is larger than allowed.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED over the limit, INTERNAL for corrupt data.</exception>
    public static void Decompress(
        ICompressionProvider provider, ReadOnlySequence<byte> payload, int limit, PooledBuffer target)
    {
        // What .NET peers send when they compress an empty message.
        if (payload.IsEmpty)
        {
            return;
        }

        try
        {
            using SequenceStream source = new(payload);
            using Stream plain = provider.CreateDecompressionStream(source);
            while (true)
            {
                int read = plain.Read(target.GetSpan());
                if (read == 0)
                {
                    break;
                }

                target.Advance(read);
                if (target.WrittenCount > limit)
                {
                    throw MessageFrame.TooLargeToReceive();
                }
            }

            if (!CompressedEnd.IsThere(provider.EncodingName, payload, target.Written))
            {
                throw new InvalidDataException("The data is cut short.");
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new RpcException(new Status(
                StatusCode.Internal, $"The message is not valid {provider.EncodingName} data.", e));
        }
    }

    public static void Compress(
        ICompressionProvider provider, CompressionLevel? level, ReadOnlySpan<byte> payload, PooledBuffer target)
    {
        using BufferStream sink = new(target);
        using Stream compressor = provider.CreateCompressionStream(sink, level);
        compressor.Write(payload);
    }
}
