using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Compression;
using Microsoft.AspNetCore.Http;

namespace Grpc.Kestrel.Wire;

/// <summary>Reads the messages of one direction of a call from a pipe, copying only compressed ones.</summary>
internal sealed class MessageReader : DeserializationContext
{
    private readonly PipeReader pipe;
    private readonly int limit;
    private readonly Encodings encodings;
    private readonly string? encoding;
    private ReadOnlySequence<byte> payload;
    private Status? failure;

    /// <summary>Reads from a pipe.</summary>
    /// <param name="pipe">The bytes.</param>
    /// <param name="sizeMax">The largest message in bytes, before and after decompression; null for no limit.</param>
    /// <param name="encodings">The algorithms there are.</param>
    /// <param name="encoding">The algorithm the other side named; null for none.</param>
    public MessageReader(PipeReader pipe, int? sizeMax, Encodings encodings, string? encoding)
    {
        this.pipe = pipe;
        limit = Math.Min(sizeMax ?? int.MaxValue, Array.MaxLength);
        this.encodings = encodings;
        this.encoding = encoding;
    }

    /// <summary>True when a message was refused because its algorithm is not known here.</summary>
    public bool SawUnknownEncoding { get; private set; }

    /// <summary>True when the last message was compressed.</summary>
    public bool WasCompressed { get; private set; }

    /// <summary>True when the bytes ended because the connection or the stream was lost.</summary>
    public bool IsPeerGone { get; private set; }

    public override int PayloadLength => (int)payload.Length;

    public override byte[] PayloadAsNewBuffer() => payload.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => payload;

    /// <summary>Reads the next message.</summary>
    /// <returns>The message; null at the end of the stream.</returns>
    /// <exception cref="RpcException">The bytes are no message, or too large; later reads fail too.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T?> Read<T>(Func<DeserializationContext, T> deserialize, CancellationToken cancellationToken)
        where T : class
    {
        ThrowIfFailed();
        while (true)
        {
            ReadResult result = await ReadBytes(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = result.Buffer;
            SequencePosition consumed = buffer.Start;
            SequencePosition examined = buffer.End;
            try
            {
                ThrowIfCanceled(result);
                if (TryReadFrame(buffer, out bool isCompressed, out ReadOnlySequence<byte> message))
                {
                    consumed = examined = message.End;
                    return Deserialize(message, isCompressed, deserialize);
                }

                if (result.IsCompleted)
                {
                    return buffer.IsEmpty ? null : throw new RpcException(
                        new Status(StatusCode.Internal, "The stream ended inside a message."));
                }
            }
            catch (RpcException e)
            {
                failure = e.Status;
                throw;
            }
            finally
            {
                pipe.AdvanceTo(consumed, examined);
            }
        }
    }

    /// <summary>Reads the only message of a stream if all of the stream has come.</summary>
    /// <returns>False when more may come, or something else than one message is there.</returns>
    /// <exception cref="RpcException">The bytes are no message, or too large; later reads fail too.</exception>
    public bool TryReadOnly<T>(Func<DeserializationContext, T> deserialize, [NotNullWhen(true)] out T? message)
        where T : class
    {
        message = null;
        if (!pipe.TryRead(out ReadResult result))
        {
            return false;
        }

        ReadOnlySequence<byte> buffer = result.Buffer;
        SequencePosition consumed = buffer.Start;
        try
        {
            ThrowIfCanceled(result);
            if (!result.IsCompleted || !TryReadFrame(buffer, out bool isCompressed, out ReadOnlySequence<byte> only)
                || MessageFrame.PrefixLength + only.Length != buffer.Length)
            {
                return false;
            }

            consumed = buffer.End;
            message = Deserialize(only, isCompressed, deserialize);
            return true;
        }
        catch (RpcException e)
        {
            failure = e.Status;
            throw;
        }
        finally
        {
            // What is not taken here counts as unseen, so that the next read finds it at once.
            pipe.AdvanceTo(consumed);
        }
    }

    /// <summary>Waits until the other side has ended its stream.</summary>
    /// <returns>False when there are more bytes.</returns>
    public async ValueTask<bool> ReadEnd(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await ReadBytes(cancellationToken).ConfigureAwait(false);
            bool isEmpty = result.Buffer.IsEmpty;
            pipe.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            ThrowIfCanceled(result);
            if (!isEmpty || result.IsCompleted)
            {
                return isEmpty;
            }
        }
    }

    /// <summary>Ends a read in progress, or else the next one, with <see cref="OperationCanceledException"/>.</summary>
    public void CancelPendingRead() => pipe.CancelPendingRead();

    /// <summary>Gives the memory of a pipe that is the reader's own back. Not while a read is in progress.</summary>
    public void Complete() => pipe.Complete();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReadBytes(CancellationToken cancellationToken)
    {
        try
        {
            return await pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            IsPeerGone = true;
            throw;
        }
    }

    private void ThrowIfFailed()
    {
        if (failure is Status status)
        {
            throw new RpcException(status);
        }
    }

    private static void ThrowIfCanceled(in ReadResult result)
    {
        if (result.IsCanceled)
        {
            throw new OperationCanceledException("The call has ended.");
        }
    }

    private bool TryReadFrame(
        in ReadOnlySequence<byte> buffer, out bool isCompressed, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (!MessageFrame.TryReadPrefix(buffer, limit, out isCompressed, out int length))
        {
            return false;
        }

        if (isCompressed)
        {
            RequireDecompressor();
        }

        if (buffer.Length - MessageFrame.PrefixLength < length)
        {
            return false;
        }

        message = buffer.Slice(MessageFrame.PrefixLength, length);
        return true;
    }

    private T Deserialize<T>(
        in ReadOnlySequence<byte> message, bool isCompressed, Func<DeserializationContext, T> deserialize)
        where T : class
    {
        WasCompressed = isCompressed;
        if (!isCompressed)
        {
            payload = message;
            return Deserialize(deserialize);
        }

        using PooledBuffer plain = new();
        Encodings.Decompress(RequireDecompressor(), message, limit, plain);
        payload = new ReadOnlySequence<byte>(plain.WrittenMemory);
        return Deserialize(deserialize);
    }

    private T Deserialize<T>(Func<DeserializationContext, T> deserialize)
        where T : class
    {
        try
        {
            return deserialize(this)
                ?? throw new RpcException(new Status(StatusCode.Internal, "The deserializer made no message."));
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw new RpcException(new Status(StatusCode.Internal, "The message cannot be deserialized.", e));
        }
        finally
        {
            payload = default;
        }
    }

    private ICompressionProvider RequireDecompressor()
    {
        if (string.IsNullOrEmpty(encoding)
            || encoding.Equals(FieldNames.IdentityEncoding, StringComparison.OrdinalIgnoreCase))
        {
            throw new RpcException(new Status(
                StatusCode.Internal, "A message is compressed although grpc-encoding names no compression."));
        }

        if (encodings.Find(encoding) is ICompressionProvider provider)
        {
            return provider;
        }

        SawUnknownEncoding = true;
        throw new RpcException(new Status(
            StatusCode.Unimplemented, $"The compression '{encoding}' is not supported."));
    }
}
