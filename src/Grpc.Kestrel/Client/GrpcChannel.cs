using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using Grpc.Kestrel.Client;
using Grpc.Kestrel.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grpc.Net.Client;

/// <summary>
/// A way to a gRPC server over HTTP/2. Make one and share it. Its own connections go to the address directly; a proxy
/// takes an HTTP handler of the caller's.
/// </summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly Uri address;
    private readonly HttpMessageInvoker http;
    private readonly bool ownsHttp;
    private readonly CancellationTokenSource shutdown = new();
    private readonly ConcurrentDictionary<string, Uri> methodAddresses = new(StringComparer.Ordinal);
    private readonly Version httpVersion;
    private readonly HttpVersionPolicy httpVersionPolicy;
    private bool isDisposed;

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        if (options.HttpClient is not null && options.HttpHandler is not null)
        {
            throw new ArgumentException("HttpClient and HttpHandler exclude each other.", nameof(options));
        }

        this.address = address;
        CallCredentials = ClientCredentials.Read(options, address);
        if (options.HttpClient is null && options.HttpHandler is null)
        {
            Connectivity = new Connectivity(
                address, options.InitialReconnectBackoff, options.MaxReconnectBackoff ?? TimeSpan.FromMinutes(2));
        }

        http = options.HttpClient ?? new HttpMessageInvoker(
            options.HttpHandler ?? DefaultHandler(Connectivity),
            options.HttpHandler is null || options.DisposeHttpClient);
        ownsHttp = options.HttpClient is null || options.DisposeHttpClient;
        httpVersion = options.HttpVersion ?? HttpVersion.Version20;
        httpVersionPolicy = options.HttpVersionPolicy ?? HttpVersionPolicy.RequestVersionExact;
        SendSizeMax = options.MaxSendMessageSize;
        ReceiveSizeMax = options.MaxReceiveMessageSize;
        Encodings = options.CompressionProviders is null ? Encodings.Default : new(options.CompressionProviders);
        ThrowsOperationCanceled = options.ThrowOperationCanceledOnCancellation;
        Log = options.LoggerFactory?.CreateLogger("Grpc.Net.Client.Internal.GrpcCall") ?? NullLogger.Instance;
    }

    /// <summary>
    /// Whether the channel has a connection. Known only of connections that the channel makes itself.
    /// </summary>
    /// <exception cref="InvalidOperationException">The channel has a client or handler of the caller's.</exception>
    public ConnectivityState State => RequireConnectivity().State;

    /// <summary>Connections that the channel makes itself; null when it was given an HTTP client or handler.</summary>
    internal Connectivity? Connectivity { get; }

    internal int? SendSizeMax { get; }

    internal int? ReceiveSizeMax { get; }

    internal Encodings Encodings { get; }

    internal bool ThrowsOperationCanceled { get; }

    internal ILogger Log { get; }

    internal ClientCredentials CallCredentials { get; }

    internal CancellationToken Shutdown => shutdown.Token;

    /// <summary>Makes a channel. Nothing is connected before the first call.</summary>
    /// <param name="address">Such as <c>http://127.0.0.1:5000</c>, which means HTTP/2 with prior knowledge.</param>
    /// <returns>The channel; dispose of it at the end.</returns>
    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>Makes a channel. Nothing is connected before the first call.</summary>
    /// <param name="address">Such as <c>https://crm.example</c>.</param>
    /// <param name="channelOptions">Its settings.</param>
    /// <returns>The channel; dispose of it at the end.</returns>
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions) =>
        ForAddress(new Uri(address), channelOptions);

    /// <summary>Makes a channel. Nothing is connected before the first call.</summary>
    /// <param name="address">Scheme, host and port.</param>
    /// <returns>The channel; dispose of it at the end.</returns>
    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>Makes a channel. Nothing is connected before the first call.</summary>
    /// <param name="address">Scheme, host and port.</param>
    /// <param name="channelOptions">Its settings.</param>
    /// <returns>The channel; dispose of it at the end.</returns>
    /// <exception cref="ArgumentException">The address is not HTTP, or the settings exclude each other.</exception>
    /// <exception cref="InvalidOperationException">The credentials do not fit the address.</exception>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
        {
            throw new ArgumentException($"The address '{address}' is neither http nor https.", nameof(address));
        }

        return new GrpcChannel(address, channelOptions);
    }

    /// <inheritdoc/>
    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        return new HttpCallInvoker(this);
    }

    /// <summary>Connects before the first call, trying again until it succeeds.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when there is a connection.</returns>
    /// <exception cref="InvalidOperationException">The channel has a client or handler of the caller's.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return RequireConnectivity().Connect(cancellationToken);
    }

    /// <summary>Waits until the channel is in another state than the given one.</summary>
    /// <param name="lastObservedState">The state to be left.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when the state is another one, at once if it is already.</returns>
    /// <exception cref="InvalidOperationException">The channel has a client or handler of the caller's.</exception>
    public Task WaitForStateChangedAsync(
        ConnectivityState lastObservedState, CancellationToken cancellationToken = default) =>
        RequireConnectivity().WaitForChange(lastObservedState, cancellationToken);

    /// <summary>Cancels the calls in progress and closes the connections, if they are the channel's own.</summary>
    public void Dispose()
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        shutdown.Cancel();
        if (ownsHttp)
        {
            http.Dispose();
        }

        Connectivity?.Dispose();
        shutdown.Dispose();
    }

    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(isDisposed, this);

    internal Uri AddressOf(IMethod method) =>
        methodAddresses.GetOrAdd(method.FullName, static (name, address) => new Uri(address, name), address);

    internal Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Version = httpVersion;
        request.VersionPolicy = httpVersionPolicy;

        // A plain SendAsync of HttpClient would wait for the whole response.
        return http is HttpClient client
            ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            : http.SendAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }

    private static SocketsHttpHandler DefaultHandler(Connectivity? connectivity) => new()
    {
        EnableMultipleHttp2Connections = true,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectCallback = connectivity is null ? null : connectivity.Open,
    };

    private Connectivity RequireConnectivity() => Connectivity ?? throw new InvalidOperationException(
        "The state is known only of connections that the channel makes itself, without a client or handler of yours.");
}
