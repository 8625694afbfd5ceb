using System.Diagnostics.CodeAnalysis;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Kestrel.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Grpc.Kestrel.Server;

/// <summary>One call over one HTTP request: this part is what handlers and interceptors see of it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Finish disposes of the deadline, once, when the call ends.")]
internal sealed partial class ServerCall : ServerCallContext, IServerCallContextFeature
{
    private readonly IMethod method;
    private readonly MethodSettings settings;
    private readonly ILogger log;
    private readonly PipeBatch output;
    private readonly MessageWriter writer;
    private readonly string? timeoutField;
    private ResponseTurn turn;
    private CallDeadline? deadline;
    private CancellationTokenSource? cancellation;
    private CancellationToken? ends;
    private Metadata? requestHeaders;
    private Metadata? responseTrailers;
    private Status status = Status.DefaultSuccess;
    private bool hasState;

    public ServerCall(HttpContext http, IMethod method, MethodSettings settings, ILogger log)
    {
        HttpContext = http;
        this.method = method;
        this.settings = settings;
        this.log = log;
        IHeaderDictionary fields = http.Request.Headers;
        timeoutField = fields.GrpcTimeout;
        Reader = new MessageReader(
            http.Request.BodyReader, settings.ReceiveSizeMax, settings.Encodings, fields.GrpcEncoding);
        bool compresses = settings.ResponseCompression is not null
            && Encodings.Accepts(fields.GrpcAcceptEncoding, settings.ResponseCompression.EncodingName);
        output = new PipeBatch(http.Response.BodyWriter);
        writer = new MessageWriter(
            output,
            settings.SendSizeMax,
            compresses ? settings.ResponseCompression : null,
            settings.ResponseCompressionLevel);
        if (compresses)
        {
            http.Response.Headers.GrpcEncoding = settings.ResponseCompression?.EncodingName;
        }
    }

    public HttpContext HttpContext { get; }

    public MessageReader Reader { get; }

    ServerCallContext IServerCallContextFeature.ServerCallContext => this;

    protected override string MethodCore => HttpContext.Request.Path.Value ?? method.FullName;

    protected override string HostCore => HttpContext.Request.Host.Value ?? "";

    protected override string PeerCore => CallPeer.Describe(HttpContext);

    protected override DateTime DeadlineCore => deadline?.At ?? DateTime.MaxValue;

    protected override Metadata RequestHeadersCore =>
        requestHeaders ??= MetadataFields.Read(HttpContext.Request.Headers);

    // Asked for with every message of a stream, and the server takes a lock to answer.
    protected override CancellationToken CancellationTokenCore => ends ??= HttpContext.RequestAborted;

    protected override Metadata ResponseTrailersCore => responseTrailers ??= [];

    protected override Status StatusCore
    {
        get => status;
        set => status = value;
    }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore =>
        CallPeer.Authentication(HttpContext.Connection.ClientCertificate);

    protected override IDictionary<object, object> UserStateCore
    {
        get
        {
            // Contexts that wrap this one pass its state on, so that GetHttpContext works on them as well.
            IDictionary<object, object?> items = HttpContext.Items;
            if (!hasState)
            {
                items[ServerCallContextExtensions.HttpContextKey] = HttpContext;
                hasState = true;
            }

            return (IDictionary<object, object>)items;
        }
    }

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        return SendHeaders(responseHeaders);
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        CallPropagationToken.Of(this, options);
}
