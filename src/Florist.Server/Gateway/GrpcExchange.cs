using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http.Features;

namespace Florist.Server.Gateway;

/// <summary>
/// Passes a request of another form on as the gRPC call that it means, through the rest of the server's own pipeline:
/// interceptors, limits and deadlines are those of every call. The request is changed in place, and the response is put
/// back when the call has ended.
/// </summary>
internal sealed class GrpcExchange
{
    private const int PrefixLength = 5;
    private const string GrpcHeaders = "grpc-";

    private readonly HttpContext http;
    private readonly MethodDescriptor method;
    private readonly CapturedResponse captured;
    private readonly IHttpResponseBodyFeature? body;
    private readonly IHttpResponseTrailersFeature? trailers;
    private readonly IHttpResetFeature? reset;

    /// <summary>Turns the request into a call.</summary>
    public GrpcExchange(HttpContext http, MethodDescriptor method, IMessage request)
    {
        this.http = http;
        this.method = method;
        captured = new CapturedResponse(method.IsServerStreaming);
        body = http.Features.Get<IHttpResponseBodyFeature>();
        trailers = http.Features.Get<IHttpResponseTrailersFeature>();
        reset = http.Features.Get<IHttpResetFeature>();
        http.Features.Set<IHttpResponseBodyFeature>(captured);
        http.Features.Set<IHttpResponseTrailersFeature>(captured);

        // The request was read to its end, so there is no stream that the call could reset.
        http.Features.Set<IHttpResetFeature>(null);
        SetRequest(request);
    }

    /// <summary>The trailers of the call, of which some stand in the headers when it answered nothing.</summary>
    public CallEnd End => CallEnd.Read(http.Response, captured.Trailers);

    /// <summary>The way to the client, past what is captured.</summary>
    public Stream Client => body?.Stream ?? Stream.Null;

    /// <summary>Runs the call to its end.</summary>
    public async Task Run(RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        finally
        {
            await captured.Writer.CompleteAsync();
        }
    }

    /// <summary>The next answer; null when there are no more.</summary>
    /// <exception cref="InvalidDataException">The server's own frames are broken.</exception>
    public async ValueTask<IMessage?> Read()
    {
        while (true)
        {
            ReadResult read = await captured.Frames.ReadAsync(CancellationToken.None);
            ReadOnlySequence<byte> buffer = read.Buffer;
            if (TryTakeMessage(ref buffer, out IMessage? message))
            {
                captured.Frames.AdvanceTo(buffer.Start);
                return message;
            }

            captured.Frames.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                return buffer.IsEmpty ? null : throw new InvalidDataException("A frame is cut off.");
            }
        }
    }

    /// <summary>Takes no more answers: a method that still writes learns that nobody is there.</summary>
    public ValueTask StopReading() => captured.Frames.CompleteAsync();

    /// <summary>Gives the response back to the client's connection.</summary>
    public void Restore()
    {
        http.Features.Set(body);
        http.Features.Set(trailers);
        http.Features.Set(reset);
    }

    /// <summary>Takes out of the response's headers what only gRPC understands.</summary>
    public void CleanHeaders()
    {
        IHeaderDictionary headers = http.Response.Headers;
        foreach (string name in headers.Keys.Where(IsOfGrpc).ToList())
        {
            headers.Remove(name);
        }

        headers.ContentType = default;
        headers.ContentLength = null;
    }

    /// <summary>True for fields that are part of the protocol and mean nothing outside of it.</summary>
    public static bool IsOfGrpc(string field) => field.StartsWith(GrpcHeaders, StringComparison.OrdinalIgnoreCase);

    private void SetRequest(IMessage request)
    {
        int size = request.CalculateSize();
        byte[] frame = new byte[PrefixLength + size];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), size);
        request.WriteTo(frame.AsSpan(PrefixLength));

        HttpRequest call = http.Request;
        call.Method = HttpMethods.Post;
        call.Path = $"/{method.Service.FullName}/{method.Name}";
        call.QueryString = default;
        call.Protocol = HttpProtocol.Http2;
        call.Body = new MemoryStream(frame, writable: false);
        http.Features.Set<IRequestBodyPipeFeature>(new FrameBody(frame));
        call.ContentType = "application/grpc";
        call.ContentLength = frame.Length;

        // The answer is read here, by somebody who does not unpack.
        call.Headers.Remove("grpc-accept-encoding");
        call.Headers.Remove("grpc-encoding");
    }

    private bool TryTakeMessage(ref ReadOnlySequence<byte> buffer, out IMessage? message)
    {
        message = null;
        if (buffer.Length < PrefixLength)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[PrefixLength];
        buffer.Slice(0, PrefixLength).CopyTo(prefix);
        if (prefix[0] != 0)
        {
            throw new InvalidDataException("A frame is compressed although nobody asked for it.");
        }

        long length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (buffer.Length < PrefixLength + length)
        {
            return false;
        }

        message = method.OutputType.Parser.ParseFrom(buffer.Slice(PrefixLength, length));
        buffer = buffer.Slice(PrefixLength + length);
        return true;
    }

    private sealed class FrameBody(byte[] frame) : IRequestBodyPipeFeature
    {
        public PipeReader Reader { get; } = PipeReader.Create(new ReadOnlySequence<byte>(frame));
    }
}
