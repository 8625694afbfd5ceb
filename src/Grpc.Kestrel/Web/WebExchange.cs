using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Grpc.Kestrel.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Grpc.Kestrel.Web;

/// <summary>
/// Stands between a gRPC call and its gRPC-Web request: trailers become a last frame of the body, and in the text form
/// the body is base64.
/// </summary>
internal sealed class WebExchange
    : IHttpResponseBodyFeature, IHttpResponseTrailersFeature, IHttpResetFeature, IRequestBodyPipeFeature
{
    private const byte TrailersFlag = 0x80;

    private readonly HttpContext http;
    private readonly IHttpResponseBodyFeature body;
    private readonly IHttpResponseTrailersFeature? trailersBefore;
    private readonly IHttpResetFeature? resetBefore;
    private readonly IRequestBodyPipeFeature? requestBefore;
    private readonly string? contentTypeBefore;
    private readonly string answerType;
    private bool hasEnded;

    /// <summary>Takes the place of the server in the request's features.</summary>
    public WebExchange(HttpContext http, WebContentType asked)
    {
        this.http = http;
        IFeatureCollection features = http.Features;
        body = features.GetRequiredFeature<IHttpResponseBodyFeature>();
        trailersBefore = features.Get<IHttpResponseTrailersFeature>();
        resetBefore = features.Get<IHttpResetFeature>();
        requestBefore = features.Get<IRequestBodyPipeFeature>();
        contentTypeBefore = http.Request.ContentType;
        bool answersText = asked.AnswersText(http.Request.Headers);
        answerType = answersText ? WebContentType.Text : WebContentType.Binary;
        Reader = asked.IsText
            ? PipeReader.Create(new Base64Source(http.Request.BodyReader), new StreamPipeReaderOptions(leaveOpen: true))
            : http.Request.BodyReader;
        Writer = answersText ? new Base64Writer(body.Writer) : body.Writer;
        Stream = answersText ? Writer.AsStream(leaveOpen: true) : body.Stream;
        http.Request.ContentType = asked.ToGrpc();
        features.Set(this);
        features.Set<IHttpResponseBodyFeature>(this);
        features.Set<IHttpResponseTrailersFeature>(this);
        features.Set<IHttpResetFeature>(this);
        features.Set<IRequestBodyPipeFeature>(this);
        http.Response.OnStarting(static exchange => ((WebExchange)exchange).NameContent(), this);
    }

    public PipeReader Reader { get; }

    public PipeWriter Writer { get; }

    public Stream Stream { get; }

    public IHeaderDictionary Trailers { get; set; } = new HeaderDictionary();

    public void DisableBuffering() => body.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => body.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    public async Task CompleteAsync()
    {
        await End().ConfigureAwait(false);
        await body.CompleteAsync().ConfigureAwait(false);
    }

    public void Reset(int errorCode)
    {
        if (resetBefore is not null)
        {
            resetBefore.Reset(errorCode);
        }
        else if (!hasEnded)
        {
            // HTTP/1.1 has no other way to say that an answer which has begun is not to be trusted.
            http.Abort();
        }
    }

    /// <summary>Sends the trailers as the last frame, once. An answer that is all headers has no body.</summary>
    public async ValueTask End()
    {
        if (hasEnded)
        {
            return;
        }

        hasEnded = true;
        if (Trailers.Count > 0)
        {
            WriteTrailers();
        }

        if (Trailers.Count > 0 || (Writer.CanGetUnflushedBytes && Writer.UnflushedBytes > 0))
        {
            await Writer.FlushAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Gives the server its place back.</summary>
    public async ValueTask Leave()
    {
        IFeatureCollection features = http.Features;
        features.Set<WebExchange>(null);
        features.Set(body);
        features.Set(trailersBefore);
        features.Set(resetBefore);
        features.Set(requestBefore);
        http.Request.ContentType = contentTypeBefore;
        (Writer as Base64Writer)?.Forget();
        if (!ReferenceEquals(Reader, http.Request.BodyReader))
        {
            await Reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private Task NameContent()
    {
        if (ContentTypes.IsGrpc(http.Response.ContentType))
        {
            http.Response.ContentType = answerType;
        }

        return Task.CompletedTask;
    }

    private void WriteTrailers()
    {
        StringBuilder lines = new();
        foreach ((string name, StringValues values) in Trailers)
        {
            foreach (string? value in values)
            {
                lines.Append(MetadataFields.Lower(name)).Append(": ").Append(value).Append("\r\n");
            }
        }

        byte[] payload = Encoding.Latin1.GetBytes(lines.ToString());
        Span<byte> prefix = Writer.GetSpan(MessageFrame.PrefixLength);
        MessageFrame.WritePrefix(prefix, isCompressed: false, payload.Length);
        prefix[0] = TrailersFlag;
        Writer.Advance(MessageFrame.PrefixLength);
        Writer.Write(payload);
    }
}
