using System.IO.Compression;
using Grpc.AspNetCore.Server;
using Grpc.Kestrel.Wire;
using Grpc.Net.Compression;

namespace Grpc.Kestrel.Server;

/// <summary>What holds for the methods of one service: its own settings, else those of all services.</summary>
internal sealed record MethodSettings
{
    public int? SendSizeMax { get; private init; }

    public int? ReceiveSizeMax { get; private init; }

    public bool HasDetailedErrors { get; private init; }

    public required Encodings Encodings { get; init; }

    public ICompressionProvider? ResponseCompression { get; private init; }

    public CompressionLevel? ResponseCompressionLevel { get; private init; }

    public required IReadOnlyList<InterceptorRegistration> Interceptors { get; init; }

    public static MethodSettings Merge(GrpcServiceOptions common, GrpcServiceOptions own)
    {
        Encodings encodings = new(
            own.CompressionProviders.Count > 0 ? own.CompressionProviders : common.CompressionProviders);
        return new MethodSettings
        {
            SendSizeMax = own.MaxSendMessageSizeSpecified ? own.MaxSendMessageSize : common.MaxSendMessageSize,
            ReceiveSizeMax = own.MaxReceiveMessageSizeSpecified
                ? own.MaxReceiveMessageSize
                : common.MaxReceiveMessageSize,
            HasDetailedErrors = own.EnableDetailedErrors ?? common.EnableDetailedErrors ?? false,
            Encodings = encodings,
            ResponseCompression = FindCompression(
                encodings, own.ResponseCompressionAlgorithm ?? common.ResponseCompressionAlgorithm),
            ResponseCompressionLevel = own.ResponseCompressionLevel ?? common.ResponseCompressionLevel,
            Interceptors = [.. common.Interceptors, .. own.Interceptors],
        };
    }

    private static ICompressionProvider? FindCompression(Encodings encodings, string? name)
    {
        if (name is null || name.Equals(FieldNames.IdentityEncoding, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return encodings.Find(name) ?? throw new InvalidOperationException(
            $"Responses are to be compressed with '{name}', and no compression provider has that name.");
    }
}
