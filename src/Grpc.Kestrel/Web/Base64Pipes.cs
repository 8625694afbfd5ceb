using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Kestrel.Wire;

namespace Grpc.Kestrel.Web;

/// <summary>Decodes base64 that may consist of several pieces, each with padding of its own.</summary>
internal sealed class Base64Source(PipeReader encoded) : Stream
{
    private const int Quad = 4;
    private const int QuadBytes = 3;
    private const int QuadsMax = 4096;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads decoded bytes.</summary>
    /// <exception cref="RpcException">INTERNAL: the text is not base64.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length, QuadBytes);
        while (true)
        {
            ReadResult result = await encoded.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> text = result.Buffer;
            long quads = Math.Min(Math.Min(text.Length / Quad, buffer.Length / QuadBytes), QuadsMax);
            ReadOnlySequence<byte> whole = text.Slice(0, quads * Quad);
            try
            {
                if (result.IsCanceled)
                {
                    throw new OperationCanceledException("The call has ended.");
                }

                if (quads > 0)
                {
                    return Decode(whole, buffer.Span);
                }

                if (result.IsCompleted)
                {
                    return text.IsEmpty ? 0 : throw NotBase64();
                }
            }
            finally
            {
                encoded.AdvanceTo(whole.End, quads > 0 ? whole.End : text.End);
            }
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static int Decode(in ReadOnlySequence<byte> text, Span<byte> target)
    {
        byte[]? rented = text.IsSingleSegment ? null : ArrayPool<byte>.Shared.Rent((int)text.Length);
        try
        {
            ReadOnlySpan<byte> rest = text.FirstSpan;
            if (rented is not null)
            {
                text.CopyTo(rented);
                rest = rented.AsSpan(0, (int)text.Length);
            }

            int written = 0;
            while (!rest.IsEmpty)
            {
                int padding = rest.IndexOf((byte)'=');
                int piece = padding < 0 ? rest.Length : ((padding / Quad) + 1) * Quad;
                OperationStatus status = Base64.DecodeFromUtf8(
                    rest[..piece], target[written..], out int consumed, out int decoded);

                // Spaces are skipped by the decoder, which would shift the quads of all that follows.
                int expected = piece / Quad * QuadBytes;
                if (status != OperationStatus.Done || consumed != piece || decoded < expected - 2
                    || (padding < 0 && decoded != expected))
                {
                    throw NotBase64();
                }

                written += decoded;
                rest = rest[piece..];
            }

            return written;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private static RpcException NotBase64() => new(new Status(StatusCode.Internal, "The request is not base64."));
}

/// <summary>Encodes what is written as base64, each flush as a piece with padding of its own.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Every flush gives the buffer's memory back, and so does Forget.")]
internal sealed class Base64Writer(PipeWriter encoded) : PipeWriter
{
    // A multiple of three bytes, so that only the last part of a piece has padding.
    private const int PartLength = 3 * 1024;

    private readonly PooledBuffer plain = new();

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => plain.WrittenCount;

    public override void Advance(int bytes) => plain.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => plain.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => plain.GetSpan(sizeHint);

    public override void CancelPendingFlush() => encoded.CancelPendingFlush();

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Encode();
        return encoded.FlushAsync(cancellationToken);
    }

    public override void Complete(Exception? exception = null)
    {
        Encode();
        encoded.Complete(exception);
    }

    /// <summary>Gives up what was not flushed.</summary>
    public void Forget() => plain.Dispose();

    private void Encode()
    {
        ReadOnlySpan<byte> rest = plain.Written;
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<byte> part = rest[..Math.Min(rest.Length, PartLength)];
            Span<byte> target = encoded.GetSpan(Base64.GetMaxEncodedToUtf8Length(part.Length));
            Base64.EncodeToUtf8(part, target, out _, out int written);
            encoded.Advance(written);
            rest = rest[part.Length..];
        }

        plain.Dispose();
    }
}
