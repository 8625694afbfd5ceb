using System.IO.Compression;

namespace Grpc.Net.Compression;

/// <summary>One algorithm for compressing messages.</summary>
public interface ICompressionProvider
{
    /// <summary>Its name in <c>grpc-encoding</c>.</summary>
    string EncodingName { get; }

    /// <summary>Wraps a stream so that what is written to it arrives compressed.</summary>
    /// <param name="stream">Receives the compressed bytes; left open.</param>
    /// <param name="compressionLevel">The level; null for the provider's default.</param>
    /// <returns>The stream to write to; disposing it ends the compressed data.</returns>
    Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel);

    /// <summary>Wraps a stream so that what is read from it is decompressed.</summary>
    /// <param name="stream">Has the compressed bytes; left open.</param>
    /// <returns>The stream to read from.</returns>
    Stream CreateDecompressionStream(Stream stream);
}

/// <summary>The algorithm <c>gzip</c> (RFC 1952).</summary>
public sealed class GzipCompressionProvider : ICompressionProvider
{
    private readonly CompressionLevel defaultLevel;

    /// <summary>Makes the provider.</summary>
    /// <param name="defaultCompressionLevel">The level when none is asked for.</param>
    public GzipCompressionProvider(CompressionLevel defaultCompressionLevel)
    {
        defaultLevel = defaultCompressionLevel;
    }

    /// <inheritdoc/>
    public string EncodingName => "gzip";

    /// <inheritdoc/>
    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        new GZipStream(stream, compressionLevel ?? defaultLevel, leaveOpen: true);

    /// <inheritdoc/>
    public Stream CreateDecompressionStream(Stream stream) =>
        new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
}

/// <summary>The algorithm <c>deflate</c>, which is the zlib format (RFC 1950), as in HTTP.</summary>
public sealed class DeflateCompressionProvider : ICompressionProvider
{
    private readonly CompressionLevel defaultLevel;

    /// <summary>Makes the provider.</summary>
    /// <param name="defaultCompressionLevel">The level when none is asked for.</param>
    public DeflateCompressionProvider(CompressionLevel defaultCompressionLevel)
    {
        defaultLevel = defaultCompressionLevel;
    }

    /// <inheritdoc/>
    public string EncodingName => "deflate";

    /// <inheritdoc/>
    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        new ZLibStream(stream, compressionLevel ?? defaultLevel, leaveOpen: true);

    /// <inheritdoc/>
    public Stream CreateDecompressionStream(Stream stream) =>
        new ZLibStream(stream, CompressionMode.Decompress, leaveOpen: true);
}
