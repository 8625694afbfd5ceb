using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Florist.Server.Gateway;

/// <summary>Takes what a gRPC method answers instead of the client: its frames and its trailers.</summary>
internal sealed class CapturedResponse : IHttpResponseBodyFeature, IHttpResponseTrailersFeature
{
    private readonly Pipe pipe;
    private readonly Stream stream;

    /// <param name="isStream">
    /// True when somebody reads while the method writes, so that a slow reader slows the writer down; false when the
    /// answer is read after the method has ended, and must fit as a whole.
    /// </param>
    public CapturedResponse(bool isStream)
    {
        pipe = new Pipe(isStream ? PipeOptions.Default : new PipeOptions(pauseWriterThreshold: 0));
        stream = pipe.Writer.AsStream(leaveOpen: true);
    }

    /// <summary>The frames.</summary>
    public PipeReader Frames => pipe.Reader;

    /// <inheritdoc/>
    public IHeaderDictionary Trailers { get; set; } = new HeaderDictionary();

    /// <inheritdoc/>
    public Stream Stream => stream;

    /// <inheritdoc/>
    public PipeWriter Writer => pipe.Writer;

    /// <inheritdoc/>
    public void DisableBuffering()
    {
        // Nothing is held back here.
    }

    Task IHttpResponseBodyFeature.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHttpResponseBodyFeature.SendFileAsync(
        string path, long offset, long? count, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A gRPC method sends no files.");

    Task IHttpResponseBodyFeature.CompleteAsync() => pipe.Writer.CompleteAsync().AsTask();
}
