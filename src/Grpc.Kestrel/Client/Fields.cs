using System.Globalization;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Kestrel.Wire;
using Grpc.Net.Compression;

namespace Grpc.Kestrel.Client;

/// <summary>Sets the header fields of a request.</summary>
internal static class RequestFields
{
    // Published name of the metadata that chooses how the requests of a call are compressed. It is not sent.
    private const string ChosenEncoding = "grpc-internal-encoding-request";
    private const string UserAgent = "user-agent";
    private static readonly MediaTypeHeaderValue ContentType = new(FieldNames.ContentType);

    /// <summary>How the caller wants the requests to be compressed; null for not at all.</summary>
    /// <exception cref="InvalidOperationException">There is no such algorithm.</exception>
    public static ICompressionProvider? Compression(Metadata? metadata, Encodings encodings)
    {
        string? name = metadata?.GetValue(ChosenEncoding);
        return name is null or FieldNames.IdentityEncoding
            ? null
            : encodings.Find(name) ?? throw new InvalidOperationException(
                $"Could not find compression provider for '{name}'.");
    }

    public static void Set(
        HttpRequestMessage request,
        string? host,
        TimeSpan? timeout,
        Encodings encodings,
        ICompressionProvider? compression,
        Metadata? metadata)
    {
        if (request.Content is not null)
        {
            request.Content.Headers.ContentType = ContentType;
        }

        if (host is not null)
        {
            request.Headers.Host = host;
        }

        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation(FieldNames.AcceptEncoding, encodings.AcceptField);
        if (compression is not null)
        {
            request.Headers.TryAddWithoutValidation(FieldNames.Encoding, compression.EncodingName);
        }

        if (timeout is TimeSpan left)
        {
            request.Headers.TryAddWithoutValidation(FieldNames.Timeout, TimeoutField.Format(left));
        }

        if (metadata is not null)
        {
            Add(request, metadata);
        }

        if (metadata?.Get(UserAgent) is null)
        {
            request.Headers.TryAddWithoutValidation(UserAgent, "grpc-csharp-kestrel/0.1");
        }
    }

    public static void Add(HttpRequestMessage request, Metadata metadata)
    {
        MetadataFields.CheckPrintable(metadata);
        for (int i = 0; i < metadata.Count; i++)
        {
            Metadata.Entry entry = metadata[i];
            if (!MetadataFields.IsReserved(entry.Key))
            {
                request.Headers.TryAddWithoutValidation(entry.Key, MetadataFields.FieldValue(entry));
            }
        }
    }
}

/// <summary>Reads the header and trailer fields of a response.</summary>
internal static class ResponseFields
{
    public static Metadata Read(HttpResponseHeaders fields)
    {
        Metadata metadata = [];
        foreach ((string name, HeaderStringValues values) in fields.NonValidated)
        {
            foreach (string value in values)
            {
                MetadataFields.Add(metadata, name, value);
            }
        }

        return metadata;
    }

    public static string? Find(HttpResponseHeaders fields, string name)
    {
        if (!fields.NonValidated.TryGetValues(name, out HeaderStringValues values))
        {
            return null;
        }

        foreach (string value in values)
        {
            return value;
        }

        return null;
    }

    /// <summary>The status in header or trailer fields; null when there is none. An unknown code is UNKNOWN.</summary>
    public static Status? StatusOf(HttpResponseHeaders fields)
    {
        if (Find(fields, FieldNames.Status) is not string field)
        {
            return null;
        }

        string detail = PercentEncoding.Decode(Find(fields, FieldNames.Message) ?? "");
        return int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out int code)
            && code <= (int)StatusCode.Unauthenticated
            ? new Status((StatusCode)code, detail)
            : new Status(StatusCode.Unknown, $"Unexpected grpc-status value: {field}. {detail}".TrimEnd());
    }

    /// <summary>The status of a response that is none of gRPC's; null when it is.</summary>
    public static Status? Refusal(HttpResponseMessage response)
    {
        if (response.StatusCode != System.Net.HttpStatusCode.OK)
        {
            return HttpFailures.OfHttpStatus(response.StatusCode);
        }

        if (response.Version < System.Net.HttpVersion.Version20)
        {
            return new Status(
                StatusCode.Internal, $"Bad gRPC response. Response protocol downgraded to HTTP/{response.Version}.");
        }

        string? contentType = response.Content.Headers.ContentType?.ToString();
        return ContentTypes.IsGrpc(contentType)
            ? null
            : new Status(StatusCode.Unknown, $"Bad gRPC response. Invalid content-type value: {contentType}");
    }
}
