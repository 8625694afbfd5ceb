using System.Buffers;

namespace Grpc.Kestrel.Wire;

/// <summary>A growing buffer on rented memory, for bytes whose number is not known before they are written.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private const int SizeMin = 1024;

    private byte[] array = [];
    private int written;

    public ReadOnlySpan<byte> Written => array.AsSpan(0, written);

    public ReadOnlyMemory<byte> WrittenMemory => array.AsMemory(0, written);

    public int WrittenCount => written;

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, array.Length - written);
        written += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return array.AsMemory(written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return array.AsSpan(written);
    }

    /// <summary>Forgets the content and gives the memory back; the buffer can be used again.</summary>
    public void Dispose()
    {
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
        }

        array = [];
        written = 0;
    }

    private void EnsureRoom(int sizeHint)
    {
        int needed = Math.Max(sizeHint, 1);
        if (array.Length - written >= needed)
        {
            return;
        }

        long doubled = Math.Max(SizeMin, Math.Max((long)written + needed, 2L * array.Length));
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(doubled, Array.MaxLength));
        Written.CopyTo(larger);
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
        }

        array = larger;
    }
}
