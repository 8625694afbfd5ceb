using System.Buffers;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Kestrel.Wire;

/// <summary>
/// Writes the messages of one direction of a call. A message that announces its length and is not
/// compressed is written where it is sent from; any other goes through a rented buffer.
/// </summary>
internal sealed class MessageWriter : SerializationContext, IBufferWriter<byte>
{
    private readonly IBufferWriter<byte> target;
    private readonly int limit;
    private readonly ICompressionProvider? compression;
    private readonly CompressionLevel? level;
    private PooledBuffer? buffer;
    private int announced;
    private int writtenDirectly;
    private bool isDirect;
    private bool isCompressed;
    private bool isComplete;

    /// <summary>Writes into a pipe or a buffer.</summary>
    /// <param name="target">Receives the bytes; not flushed here.</param>
    /// <param name="sizeMax">The largest message in bytes, before compression; null for no limit.</param>
    /// <param name="compression">The negotiated algorithm; null for none.</param>
    /// <param name="level">How hard to compress; null for the algorithm's default.</param>
    public MessageWriter(
        IBufferWriter<byte> target, int? sizeMax, ICompressionProvider? compression, CompressionLevel? level)
    {
        this.target = target;
        limit = sizeMax ?? int.MaxValue;
        this.compression = compression;
        this.level = level;
    }

    /// <summary>True when part of a message is written and the rest will never follow.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Writes one message.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: the message is too large; nothing was written.</exception>
    public void Write<T>(T message, Action<T, SerializationContext> serialize, WriteFlags flags)
    {
        announced = -1;
        writtenDirectly = 0;
        isDirect = false;
        isComplete = false;
        isCompressed = compression is not null && (flags & WriteFlags.NoCompress) == 0;
        try
        {
            serialize(message, this);
            if (!isComplete)
            {
                throw new InvalidOperationException("The serializer returned without completing the message.");
            }
        }
        catch
        {
            IsBroken = isDirect;
            throw;
        }
        finally
        {
            buffer?.Dispose();
        }
    }

    public override void SetPayloadLength(int payloadLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(payloadLength);
        if (payloadLength > limit)
        {
            throw MessageFrame.TooLargeToSend();
        }

        announced = payloadLength;
    }

    public override IBufferWriter<byte> GetBufferWriter()
    {
        if (announced < 0 || isCompressed)
        {
            return buffer ??= new PooledBuffer();
        }

        if (!isDirect)
        {
            isDirect = true;
            WritePrefix(isCompressed: false, announced);
        }

        return this;
    }

    public override void Complete()
    {
        ThrowIfComplete();
        if (!isDirect)
        {
            WriteWhole(buffer is null ? [] : buffer.Written);
        }
        else if (writtenDirectly != announced)
        {
            throw new InvalidOperationException(
                $"The serializer announced {announced} bytes and wrote {writtenDirectly}.");
        }

        isComplete = true;
    }

    public override void Complete(byte[] payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        ThrowIfComplete();
        if (isDirect)
        {
            throw new InvalidOperationException("The serializer completed in two ways at once.");
        }

        WriteWhole(payload);
        isComplete = true;
    }

    void IBufferWriter<byte>.Advance(int count)
    {
        if (count > announced - writtenDirectly)
        {
            throw new InvalidOperationException($"The serializer wrote more than the announced {announced} bytes.");
        }

        writtenDirectly += count;
        target.Advance(count);
    }

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint) => target.GetMemory(sizeHint);

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => target.GetSpan(sizeHint);

    private void WriteWhole(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > limit)
        {
            throw MessageFrame.TooLargeToSend();
        }

        // Of nothing the runtime's compressors make nothing, which other decompressors do not take for data.
        if (!isCompressed || compression is null || payload.IsEmpty)
        {
            WritePrefix(isCompressed: false, payload.Length);
            target.Write(payload);
            return;
        }

        using PooledBuffer compressed = new();
        Encodings.Compress(compression, level, payload, compressed);
        WritePrefix(isCompressed: true, compressed.WrittenCount);
        target.Write(compressed.Written);
    }

    private void WritePrefix(bool isCompressed, int length)
    {
        MessageFrame.WritePrefix(target.GetSpan(MessageFrame.PrefixLength), isCompressed, length);
        target.Advance(MessageFrame.PrefixLength);
    }

    private void ThrowIfComplete()
    {
        if (isComplete)
        {
            throw new InvalidOperationException("The serializer completed the message twice.");
        }
    }
}
