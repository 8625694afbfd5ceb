using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Kestrel.Wire;

/// <summary>
/// Writes the messages of one direction of a call into a pipe. A message that announces its length and is not
/// compressed is written where it is sent from; any other goes through a rented buffer.
/// </summary>
internal sealed class MessageWriter : SerializationContext, IBufferWriter<byte>
{
    private readonly PipeWriter pipe;
    private readonly int limit;
    private readonly ICompressionProvider? compression;
    private readonly CompressionLevel? level;
    private PooledBuffer? buffer;
    private int announced;
    private int writtenDirectly;
    private bool isDirect;
    private bool isCompressed;
    private bool isComplete;

    /// <summary>Writes into a pipe.</summary>
    /// <param name="pipe">Receives the bytes; not flushed here.</param>
    /// <param name="sizeMax">The largest message in bytes, before compression; null for no limit.</param>
    /// <param name="compression">The negotiated algorithm; null for none.</param>
    /// <param name="level">How hard to compress; null for the algorithm's default.</param>
    public MessageWriter(PipeWriter pipe, int? sizeMax, ICompressionProvider? compression, CompressionLevel? level)
    {
        this.pipe = pipe;
        limit = sizeMax ?? int.MaxValue;
        this.compression = compression;
        this.level = level;
    }

    /// <summary>True when part of a message is in the pipe and the rest will never follow.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Writes one message into the pipe.</summary>
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
        pipe.Advance(count);
    }

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint) => pipe.GetMemory(sizeHint);

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => pipe.GetSpan(sizeHint);

    private void WriteWhole(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > limit)
        {
            throw MessageFrame.TooLargeToSend();
        }

        if (!isCompressed || compression is null)
        {
            WritePrefix(isCompressed: false, payload.Length);
            pipe.Write(payload);
            return;
        }

        using PooledBuffer compressed = new();
        Encodings.Compress(compression, level, payload, compressed);
        WritePrefix(isCompressed: true, compressed.WrittenCount);
        pipe.Write(compressed.Written);
    }

    private void WritePrefix(bool isCompressed, int length)
    {
        MessageFrame.WritePrefix(pipe.GetSpan(MessageFrame.PrefixLength), isCompressed, length);
        pipe.Advance(MessageFrame.PrefixLength);
    }

    private void ThrowIfComplete()
    {
        if (isComplete)
        {
            throw new InvalidOperationException("The serializer completed the message twice.");
        }
    }
}
