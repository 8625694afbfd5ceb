using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Compression;
using Microsoft.AspNetCore.Http;

namespace Grpc.Kestrel.Wire;

/// <summary>Reads the messages of one direction of a call from a pipe, copying only compressed ones.</summary>
internal sealed class MessageReader : DeserializationContext
{
    private static readonly Status CutShort = new(StatusCode.Internal, "The stream ended inside a message.");

    private readonly PipeReader pipe;
    private readonly int limit;
    private readonly Encodings encodings;
    private readonly string? encoding;
    private ReadOnlySequence<byte> payload;
    private RpcException? failure;

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
                    return buffer.IsEmpty ? null : throw new RpcException(CutShort);
                }
            }
            catch (RpcException e)
            {
                failure = e;
                throw;
            }
            finally
            {
                pipe.AdvanceTo(consumed, examined);
            }
        }
    }

    /// <summary>Reads the message of a stream that has exactly one, and waits for the end of the stream.</summary>
    /// <exception cref="RpcException">
    /// There is none or another one (UNIMPLEMENTED), or the bytes are no message, or too large.
    /// </exception>
    public ValueTask<T> ReadOnly<T>(Func<DeserializationContext, T> deserialize)
        where T : class
    {
        // Most requests are small, and all of them is there at once.
        T? message = null;
        return pipe.TryRead(out ReadResult result) && TakeOnly(result, deserialize, ref message) is { } only
            ? new ValueTask<T>(only)
            : WaitForOnly(deserialize, message);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<T> WaitForOnly<T>(Func<DeserializationContext, T> deserialize, T? message)
        where T : class
    {
        while (true)
        {
            ReadResult result = await ReadBytes(CancellationToken.None).ConfigureAwait(false);
            if (TakeOnly(result, deserialize, ref message) is { } only)
            {
                return only;
            }
        }
    }

    // The message may come before the end of the stream: then it is kept, and given out when the end has come.
    private T? TakeOnly<T>(in ReadResult result, Func<DeserializationContext, T> deserialize, ref T? message)
        where T : class
    {
        ReadOnlySequence<byte> rest = result.Buffer;
        SequencePosition consumed = rest.Start;
        try
        {
            ThrowIfCanceled(result);
            if (message is null && TryReadFrame(rest, out bool isCompressed, out ReadOnlySequence<byte> framed))
            {
                consumed = framed.End;
                message = Deserialize(framed, isCompressed, deserialize);
                rest = rest.Slice(consumed);
            }

            if (message is not null && !rest.IsEmpty)
            {
                throw new RpcException(new Status(
                    StatusCode.Unimplemented, "The request has more than one message, and the method takes one."));
            }

            if (message is null && result.IsCompleted)
            {
                throw new RpcException(rest.IsEmpty
                    ? new Status(StatusCode.Unimplemented, "The request has no message.")
                    : CutShort);
            }

            return result.IsCompleted ? message : null;
        }
        finally
        {
            pipe.AdvanceTo(consumed, result.Buffer.End);
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
        if (failure is not null)
        {
            throw new RpcException(failure.Status);
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
