namespace Grpc.Core;

/// <summary>How one message, or every following one, is written.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>More messages follow soon: this one need not leave at once.</summary>
    BufferHint = 1,

    /// <summary>Do not compress, even when compression was negotiated.</summary>
    NoCompress = 2,
}

/// <summary>Options for writing a message.</summary>
public class WriteOptions
{
    /// <summary>Options without flags.</summary>
    public static readonly WriteOptions Default = new();

    /// <summary>Makes options.</summary>
    /// <param name="flags">The flags; none by default.</param>
    public WriteOptions(WriteFlags flags = 0)
    {
        Flags = flags;
    }

    /// <summary>The flags.</summary>
    public WriteFlags Flags { get; }
}

/// <summary>A stream of messages to read, one reader at a time.</summary>
/// <typeparam name="T">The type of message.</typeparam>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message that the last <see cref="MoveNext"/> read.</summary>
    T Current { get; }

    /// <summary>Reads the next message.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False at the end of the stream.</returns>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}

/// <summary>A stream of messages to write, one write at a time.</summary>
/// <typeparam name="T">The type of message.</typeparam>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>Options for the following writes; null for the defaults.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Writes a message.</summary>
    /// <param name="message">The message.</param>
    /// <returns>Completes when the transport has taken the message.</returns>
    /// <exception cref="InvalidOperationException">A write is in progress, or the call has ended.</exception>
    Task WriteAsync(T message);

    /// <summary>Writes a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives up the write, and with it the call.</param>
    /// <returns>Completes when the transport has taken the message.</returns>
    /// <exception cref="InvalidOperationException">A write is in progress, or the call has ended.</exception>
    Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            throw new NotSupportedException("This stream does not support cancellation of a write.");
        }

        return WriteAsync(message);
    }
}

/// <summary>The responses of a streaming call, as the server writes them.</summary>
/// <typeparam name="T">The type of response.</typeparam>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>
{
}

/// <summary>The requests of a streaming call, as the client writes them.</summary>
/// <typeparam name="T">The type of request.</typeparam>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Ends the stream of requests; the responses go on.</summary>
    /// <returns>Completes when the transport has taken the end.</returns>
    Task CompleteAsync();
}

/// <summary>Shorter ways to read a stream.</summary>
public static class AsyncStreamReaderExtensions
{
    /// <summary>Reads the next message, without a token of its own.</summary>
    /// <typeparam name="T">The type of message.</typeparam>
    /// <param name="streamReader">The stream.</param>
    /// <returns>False at the end of the stream.</returns>
    public static Task<bool> MoveNext<T>(this IAsyncStreamReader<T> streamReader)
    {
        ArgumentNullException.ThrowIfNull(streamReader);
        return streamReader.MoveNext(CancellationToken.None);
    }

    /// <summary>Reads the stream with <c>await foreach</c>.</summary>
    /// <typeparam name="T">The type of message.</typeparam>
    /// <param name="streamReader">The stream; it is consumed.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The messages in order.</returns>
    public static IAsyncEnumerable<T> ReadAllAsync<T>(
        this IAsyncStreamReader<T> streamReader,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streamReader);
        return ReadAll(streamReader, cancellationToken);
    }

    private static async IAsyncEnumerable<T> ReadAll<T>(
        IAsyncStreamReader<T> streamReader,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await streamReader.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            yield return streamReader.Current;
        }
    }
}
