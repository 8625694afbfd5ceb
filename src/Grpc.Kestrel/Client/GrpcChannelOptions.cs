using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Grpc.Net.Compression;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client;

/// <summary>Settings of a <see cref="GrpcChannel"/>.</summary>
public sealed class GrpcChannelOptions
{
    internal const int DefaultReceiveSizeMax = 4 * 1024 * 1024;

    /// <summary>How the channel is secured; null follows from the address: <c>http</c> or <c>https</c>.</summary>
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>The largest message sent, in bytes; null, the default, for no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>The largest message received, in bytes before and after decompression; null for no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = DefaultReceiveSizeMax;

    /// <summary>
    /// Algorithms for compressed responses, and for the requests of calls whose metadata names one of them in
    /// <c>grpc-internal-encoding-request</c>; null for gzip and deflate.
    /// </summary>
    [SuppressMessage("Usage", "CA2227", Justification = "The setter is part of the published surface.")]
    public IList<ICompressionProvider>? CompressionProviders { get; set; }

    /// <summary>Logs calls that fail; null for no logs.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Sends the requests; null for the channel's own. Excludes <see cref="HttpHandler"/>.</summary>
    public HttpClient? HttpClient { get; set; }

    /// <summary>Sends the requests; null for the channel's own. Excludes <see cref="HttpClient"/>.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>True disposes of the given client or handler together with the channel.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>
    /// True throws <see cref="OperationCanceledException"/> instead of <see cref="RpcException"/> when a call is
    /// cancelled or its deadline passes.
    /// </summary>
    public bool ThrowOperationCanceledOnCancellation { get; set; }

    /// <summary>True sends credentials of calls over channels without TLS, where anyone may read them.</summary>
    public bool UnsafeUseInsecureChannelCallCredentials { get; set; }

    /// <summary>The pause after the first failed attempt to connect; 1 second by default. It grows.</summary>
    public TimeSpan InitialReconnectBackoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between attempts to connect; 2 minutes by default, as is null.</summary>
    public TimeSpan? MaxReconnectBackoff { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The HTTP version to ask for; null for 2.0.</summary>
    public Version? HttpVersion { get; set; }

    /// <summary>How the HTTP version is chosen; null for exactly the version asked for.</summary>
    public HttpVersionPolicy? HttpVersionPolicy { get; set; }
}
