using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using Grpc.Net.Compression;

namespace Grpc.AspNetCore.Server;

/// <summary>Settings of all gRPC services; a service's own settings go before them.</summary>
public class GrpcServiceOptions
{
    internal const int DefaultReceiveSizeMax = 4 * 1024 * 1024;

    private int? maxSendMessageSize;
    private int? maxReceiveMessageSize;
    private IList<ICompressionProvider>? compressionProviders;

    /// <summary>The largest message sent, in bytes before compression; null, the default, for no limit.</summary>
    public int? MaxSendMessageSize
    {
        get => maxSendMessageSize;
        set
        {
            maxSendMessageSize = value;
            MaxSendMessageSizeSpecified = true;
        }
    }

    /// <summary>True when <see cref="MaxSendMessageSize"/> was set, be it to null.</summary>
    public bool MaxSendMessageSizeSpecified { get; set; }

    /// <summary>
    /// The largest message received, in bytes before and after decompression; null for no limit. 4 MiB by default.
    /// </summary>
    public int? MaxReceiveMessageSize
    {
        get => maxReceiveMessageSize;
        set
        {
            maxReceiveMessageSize = value;
            MaxReceiveMessageSizeSpecified = true;
        }
    }

    /// <summary>True when <see cref="MaxReceiveMessageSize"/> was set, be it to null.</summary>
    public bool MaxReceiveMessageSizeSpecified { get; set; }

    /// <summary>True sends the text of a handler's exception to the client. False by default.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>The algorithm for responses, if the client takes it; null for none, which is the default.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    /// <summary>How hard responses are compressed; null for the algorithm's default.</summary>
    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>The algorithms there are; gzip and deflate by default.</summary>
    [SuppressMessage("Usage", "CA2227", Justification = "The setter is part of the published surface.")]
    public IList<ICompressionProvider> CompressionProviders
    {
        get => compressionProviders ??= [];
        set => compressionProviders = value;
    }

    /// <summary>
    /// True leaves calls to unknown services or methods to the rest of the application. By default they are
    /// answered UNIMPLEMENTED.
    /// </summary>
    public bool? IgnoreUnknownServices { get; set; }

    /// <summary>Interceptors around every call, outermost first.</summary>
    public InterceptorCollection Interceptors { get; } = [];

    /// <summary>True requires services to be registered, instead of creating those that are not.</summary>
    public bool SuppressCreatingService { get; set; }
}

/// <summary>Settings of one service; what is not set is taken from <see cref="GrpcServiceOptions"/>.</summary>
/// <typeparam name="TService">The service.</typeparam>
public class GrpcServiceOptions<TService> : GrpcServiceOptions
    where TService : class
{
}
