using System.Buffers;

namespace Florist.Adapters.Email;

/// <summary>Makes content safe between DATA and its final dot (RFC 5321, 4.5.2).</summary>
internal static class DotStuffing
{
    /// <summary>
    /// Doubles a dot at the start of a line and ends the last line. A lone CR or LF becomes CRLF: some servers take
    /// them for a line end and others do not, which is how a second message is smuggled in.
    /// </summary>
    public static ReadOnlyMemory<byte> Stuff(ReadOnlySpan<byte> content)
    {
        ArrayBufferWriter<byte> output = new(content.Length + 64);
        while (!content.IsEmpty)
        {
            int end = content.IndexOfAny((byte)'\r', (byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? content : content[..end];
            if (line.StartsWith((byte)'.'))
            {
                output.Write("."u8);
            }

            output.Write(line);
            output.Write("\r\n"u8);
            int skipped = end < 0 ? 0 : content[end..].StartsWith("\r\n"u8) ? 2 : 1;
            content = content[(line.Length + skipped)..];
        }

        return output.WrittenMemory;
    }
}

/// <summary>A time limit joined to the caller's cancellation.</summary>
internal readonly struct Deadline : IDisposable
{
    private readonly CancellationTokenSource _source;

    public Deadline(TimeSpan limit, CancellationToken cancel)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _source.CancelAfter(limit);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose() => _source.Dispose();
}
