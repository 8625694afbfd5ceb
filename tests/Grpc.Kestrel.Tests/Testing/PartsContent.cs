using System.Net;
using System.Net.Http.Headers;

namespace Grpc.Kestrel.Tests.Testing;

/// <summary>A body that leaves in parts of the same length, each flushed.</summary>
internal sealed class PartsContent : HttpContent
{
    private readonly byte[] body;
    private readonly int partLength;

    public PartsContent(byte[] body, int partLength, string contentType)
    {
        this.body = body;
        this.partLength = partLength;
        Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        foreach (byte[] part in body.Chunk(partLength))
        {
            await stream.WriteAsync(part);
            await stream.FlushAsync();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
