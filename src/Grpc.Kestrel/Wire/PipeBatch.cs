using System.Buffers;
using System.IO.Pipelines;

namespace Grpc.Kestrel.Wire;

/// <summary>
/// Hands out the memory of a pipe in pieces and tells the pipe at the flush how much of it was used. The server's pipe
/// takes a lock for each question, which for small messages costs more than writing them.
/// </summary>
internal sealed class PipeBatch(PipeWriter pipe) : IBufferWriter<byte>
{
    private Memory<byte> room;
    private int used;

    /// <summary>Bytes written since the last flush.</summary>
    public long Unflushed { get; private set; }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, room.Length - used);
        used += count;
        Unflushed += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return room[used..];
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return room.Span[used..];
    }

    /// <summary>Gives the pipe what was written, without sending it.</summary>
    public void Commit()
    {
        if (used > 0)
        {
            pipe.Advance(used);
        }

        used = 0;
        room = default;
    }

    /// <summary>Sends what was written. The token of the caller is not the pipe's: see the callers.</summary>
    public ValueTask<FlushResult> Flush()
    {
        Commit();
        Unflushed = 0;
        return pipe.FlushAsync(CancellationToken.None);
    }

    /// <summary>Ends a flush that waits for the other side to take what was sent before.</summary>
    public void CancelPendingFlush() => pipe.CancelPendingFlush();

    private void EnsureRoom(int sizeHint)
    {
        if (room.Length - used >= Math.Max(sizeHint, 1))
        {
            return;
        }

        Commit();
        room = pipe.GetMemory(Math.Max(sizeHint, 1));
    }
}
