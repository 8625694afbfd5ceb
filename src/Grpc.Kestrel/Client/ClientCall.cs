using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Kestrel.Wire;
using Grpc.Net.Client;
using Grpc.Net.Compression;

namespace Grpc.Kestrel.Client;

/// <summary>One call over one HTTP request, up to its status.</summary>
[SuppressMessage("Design", "CA1001", Justification = "End disposes of what the call holds, once.")]
internal sealed partial class ClientCall<TResponse>
    where TResponse : class
{
    private readonly GrpcChannel channel;
    private readonly IMethod method;
    private readonly string? host;
    private readonly Func<DeserializationContext, TResponse> deserialize;
    private readonly TaskCompletionSource<Metadata> headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource cancellation = new();
    private HttpRequestMessage? request;
    private HttpResponseMessage? response;
    private MessageReader? reader;
    private Task begun = Task.CompletedTask;

    public ClientCall(
        GrpcChannel channel,
        IMethod method,
        string? host,
        CallOptions options,
        Func<DeserializationContext, TResponse> deserialize)
    {
        this.channel = channel;
        this.method = method;
        this.host = host;
        this.deserialize = deserialize;
        Options = CallPropagationToken.Apply(options);
        Compression = RequestFields.Compression(Options.Headers, channel.Encodings);
    }

    public CallOptions Options { get; }

    /// <summary>How the requests are compressed; null for not at all.</summary>
    public ICompressionProvider? Compression { get; }

    public Task<Metadata> ResponseHeaders => headers.Task;

    /// <summary>Sends the request. Errors become the status of the call.</summary>
    public void Start(Func<HttpContent> createContent)
    {
        ArmEnds();
        begun = Begin(createContent);
    }

    /// <summary>Reads the next response.</summary>
    /// <returns>Null when the call has ended with status OK.</returns>
    /// <exception cref="RpcException">The call has ended with another status.</exception>
    public async ValueTask<TResponse?> Next(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static call => ((ClientCall<TResponse>?)call)?.Cancel(), this);
        await begun.ConfigureAwait(false);
        if (!HasEnded && reader is not null)
        {
            try
            {
                TResponse? message = await reader.Read(deserialize, cancellation.Token).ConfigureAwait(false);
                if (message is not null)
                {
                    return message;
                }

                reader.Complete();
                EndWithTrailers();
            }
            catch (Exception e)
            {
                // Whatever ends a read ends the call; the status tells what it was.
                reader.Complete();
                Fail(e);
            }
        }

        return GetStatus().StatusCode == StatusCode.OK ? null : throw Error(cancellationToken);
    }

    /// <summary>Reads the only response.</summary>
    /// <exception cref="RpcException">The call has ended with another status than OK.</exception>
    public async Task<TResponse> Single()
    {
        TResponse? message = await Next(CancellationToken.None).ConfigureAwait(false);
        if (message is null)
        {
            throw new RpcException(
                new Status(StatusCode.Internal, "The call ended with status OK and without a message."), GetTrailers());
        }

        if (await Next(CancellationToken.None).ConfigureAwait(false) is not null)
        {
            Fail(new RpcException(new Status(StatusCode.Internal, "The response has more than one message.")));
            throw Error(CancellationToken.None);
        }

        return message;
    }

    /// <summary>Writes one of several requests.</summary>
    public async Task Write<TRequest>(
        RequestStreamContent content,
        TRequest message,
        Action<TRequest, SerializationContext> serialize,
        WriteFlags flags,
        CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static call => ((ClientCall<TResponse>?)call)?.Cancel(), this);
        using PooledBuffer frame = new();
        new MessageWriter(frame, channel.SendSizeMax, Compression, null).Write(message, serialize, flags);
        ThrowIfEnded(cancellationToken);
        try
        {
            Stream stream = await content.Opened.ConfigureAwait(false);
            await stream.WriteAsync(frame.WrittenMemory, cancellation.Token).ConfigureAwait(false);
            if ((flags & WriteFlags.BufferHint) == 0)
            {
                await stream.FlushAsync(cancellation.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException
            or HttpRequestException or InvalidOperationException)
        {
            // The response may be on its way and says more than the failed write, so the write does not end the call.
            ThrowIfEnded(cancellationToken);
            throw new RpcException(HttpFailures.OfException(e));
        }
    }

    private async Task Begin(Func<HttpContent> createContent)
    {
        try
        {
            request = new HttpRequestMessage(HttpMethod.Post, channel.AddressOf(method)) { Content = createContent() };
            RequestFields.Set(request, host, timeout, channel.Encodings, Compression, Options.Headers);
            if (channel.CallCredentials.Concern(Options.Credentials))
            {
                RequestFields.Add(request, await channel.CallCredentials.Ask(
                    Options.Credentials, method, cancellation.Token).ConfigureAwait(false));
            }

            if (Options.IsWaitForReady && channel.Connectivity is not null)
            {
                await channel.Connectivity.Connect(cancellation.Token).ConfigureAwait(false);
            }

            response = await channel.Send(request, cancellation.Token).ConfigureAwait(false);
            await ReadHeaders(response).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The start of a call has no caller that waits for it: its failure is the status of the call.
            Fail(e);
        }

        if (HasEnded)
        {
            // The end may have come before there was a response to give back.
            Release();
        }
    }

    private async Task ReadHeaders(HttpResponseMessage received)
    {
        if (ResponseFields.StatusOf(received.Headers) is Status trailersOnly)
        {
            headers.TrySetResult(ResponseFields.Read(received.Headers));
            End(trailersOnly, ResponseFields.Read(received.Headers));
            return;
        }

        if (ResponseFields.Refusal(received) is Status refusal)
        {
            End(refusal, ResponseFields.Read(received.Headers));
            return;
        }

        headers.TrySetResult(ResponseFields.Read(received.Headers));
        Stream body = await received.Content.ReadAsStreamAsync(cancellation.Token).ConfigureAwait(false);
        reader = new MessageReader(
            PipeReader.Create(body),
            channel.ReceiveSizeMax,
            channel.Encodings,
            ResponseFields.Find(received.Headers, FieldNames.Encoding));
    }

    private void EndWithTrailers()
    {
        Status final = response is null ? default : ResponseFields.StatusOf(response.TrailingHeaders)
            ?? new Status(StatusCode.Internal, "No grpc-status found on response.");
        End(final, response is null ? [] : ResponseFields.Read(response.TrailingHeaders));
    }
}
