using Grpc.Core;
using Grpc.Net.Client;

namespace Grpc.Kestrel.Client;

/// <summary>What of a channel's credentials concerns its calls.</summary>
internal sealed class ClientCredentials
{
    private readonly CallCredentials? ofChannel;
    private readonly bool isSecure;
    private readonly string origin;

    private ClientCredentials(CallCredentials? ofChannel, bool isSecure, string origin)
    {
        this.ofChannel = ofChannel;
        this.isSecure = isSecure;
        this.origin = origin;
    }

    /// <summary>Reads the credentials of a channel.</summary>
    /// <exception cref="InvalidOperationException">They do not fit the address.</exception>
    public static ClientCredentials Read(GrpcChannelOptions options, Uri address)
    {
        bool isTls = address.Scheme == Uri.UriSchemeHttps;
        ChannelReader reader = new();
        options.Credentials?.InternalPopulateConfiguration(reader, reader);
        if (reader.IsTls is bool mustBeTls && mustBeTls != isTls)
        {
            throw new InvalidOperationException($"The channel's credentials do not fit its address '{address}'.");
        }

        return new ClientCredentials(
            reader.CallCredentials,
            isTls || options.UnsafeUseInsecureChannelCallCredentials,
            address.GetLeftPart(UriPartial.Authority));
    }

    public bool Concern(CallCredentials? ofCall) => isSecure && (ofCall ?? ofChannel) is not null;

    /// <summary>Asks for the proof of who makes a call: of the channel's credentials, then of the call's own.</summary>
    public async Task<Metadata> Ask(CallCredentials? ofCall, IMethod method, CancellationToken cancellationToken)
    {
        List<AsyncAuthInterceptor> interceptors = [];
        CallReader reader = new(interceptors);
        ofChannel?.InternalPopulateConfiguration(reader, null);
        ofCall?.InternalPopulateConfiguration(reader, null);
        AuthInterceptorContext context = new($"{origin}/{method.ServiceName}", method.Name, cancellationToken);
        Metadata metadata = [];
        foreach (AsyncAuthInterceptor interceptor in interceptors)
        {
            await interceptor(context, metadata).ConfigureAwait(false);
        }

        return metadata;
    }

    private sealed class ChannelReader : ChannelCredentialsConfiguratorBase
    {
        public bool? IsTls { get; private set; }

        public CallCredentials? CallCredentials { get; private set; }

        public override void SetInsecureCredentials(object state) => IsTls = false;

        public override void SetSslCredentials(
            object state,
            string? rootCertificates,
            KeyCertificatePair? keyCertificatePair,
            VerifyPeerCallback? verifyPeerCallback)
        {
            if (rootCertificates is not null || keyCertificatePair is not null || verifyPeerCallback is not null)
            {
                throw new InvalidOperationException(
                    "Certificates of one's own are set on the HttpHandler of the channel, not on SslCredentials.");
            }

            IsTls = true;
        }

        public override void SetCompositeCredentials(
            object state, ChannelCredentials channelCredentials, CallCredentials callCredentials)
        {
            channelCredentials.InternalPopulateConfiguration(this, state);
            CallCredentials = CallCredentials is null
                ? callCredentials
                : CallCredentials.Compose(CallCredentials, callCredentials);
        }
    }

    private sealed class CallReader(List<AsyncAuthInterceptor> interceptors) : CallCredentialsConfiguratorBase
    {
        public override void SetCompositeCredentials(object? state, IReadOnlyList<CallCredentials> credentials)
        {
            foreach (CallCredentials part in credentials)
            {
                part.InternalPopulateConfiguration(this, state);
            }
        }

        public override void SetAsyncAuthInterceptorCredentials(object? state, AsyncAuthInterceptor interceptor) =>
            interceptors.Add(interceptor);
    }
}
