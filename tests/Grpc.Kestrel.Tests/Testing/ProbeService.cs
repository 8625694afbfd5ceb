using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Kestrel.Tests.Probe;

namespace Grpc.Kestrel.Tests.Testing;

/// <summary>Does what a request's action says, and notes what it saw for the test.</summary>
internal sealed class ProbeService(ProbeNotes notes) : Probe.Probe.ProbeBase
{
    public override async Task<ProbeReply> Unary(ProbeRequest request, ServerCallContext context)
    {
        notes.Called(context);
        switch (request.Action)
        {
            case "refuse":
                throw new RpcException(
                    new Status((StatusCode)request.Number, request.Text),
                    new Metadata { { "reason", "because" }, { "detail-bin", [0, 1, 254, 255] } });
            case "throw":
                throw new InvalidOperationException(request.Text);
            case "status":
                context.Status = new Status((StatusCode)request.Number, request.Text);
                break;
            case "trailer":
                context.ResponseTrailers.Add("echo", request.Text);
                context.ResponseTrailers.Add("grpc-status", "7");
                break;
            case "headers":
                await context.WriteResponseHeadersAsync(new Metadata { { "early", request.Text } });
                break;
            case "echo metadata":
                context.ResponseTrailers.Add("raw-bin", context.RequestHeaders.GetValueBytes("raw-bin") ?? []);
                await context.WriteResponseHeadersAsync(
                    new Metadata { { "text", context.RequestHeaders.GetValue("text") ?? "" } });
                break;
            case "headers twice":
                await context.WriteResponseHeadersAsync([]);
                await context.WriteResponseHeadersAsync([]);
                break;
            case "wait":
                await notes.WaitForCancellation(context);
                break;
            case "wait deafly":
                await notes.Released;
                context.Status = new Status(StatusCode.DataLoss, "after the deadline");
                break;
            case "no compression":
                context.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
                break;
            case "nothing":
                return null!;
            default:
                break;
        }

        return new ProbeReply
        {
            Text = request.Text,
            Number = request.Payload.Length,
            Payload = request.Action == "size" ? ByteString.CopyFrom(new byte[request.Number]) : ByteString.Empty,
        };
    }

    public override async Task<ProbeReply> Collect(
        IAsyncStreamReader<ProbeRequest> requestStream, ServerCallContext context)
    {
        notes.Called(context);
        int count = 0;
        string text = "";
        while (await requestStream.MoveNext())
        {
            count++;
            text += requestStream.Current.Text;
            if (requestStream.Current.Action == "enough")
            {
                break;
            }
        }

        return new ProbeReply { Text = text, Number = count };
    }

    public override async Task Spread(
        ProbeRequest request, IServerStreamWriter<ProbeReply> responseStream, ServerCallContext context)
    {
        notes.Called(context);
        if (request.Action == "two at once")
        {
            Task first = responseStream.WriteAsync(new ProbeReply { Payload = ByteString.CopyFrom(new byte[4 << 20]) });
            InvalidOperationException second = await Assert.ThrowsAsync<InvalidOperationException>(
                () => responseStream.WriteAsync(new ProbeReply()));
            await first;
            await responseStream.WriteAsync(new ProbeReply { Text = second.Message });
            return;
        }

        if (request.Action.StartsWith("buffer", StringComparison.Ordinal))
        {
            responseStream.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
        }

        for (int i = 0; i < request.Number; i++)
        {
            await responseStream.WriteAsync(new ProbeReply { Text = request.Text, Number = i });
        }

        switch (request.Action)
        {
            case "then refuse":
                throw new RpcException(new Status(StatusCode.FailedPrecondition, "no more"));
            case "then wait" or "buffer, then wait":
                await notes.WaitForCancellation(context);
                break;
            case "for ever":
                await WriteForEver(responseStream, context);
                break;
            case "cancel own write":
                await CancelOwnWrite(responseStream);
                break;
            default:
                break;
        }
    }

    public override async Task Chat(
        IAsyncStreamReader<ProbeRequest> requestStream,
        IServerStreamWriter<ProbeReply> responseStream,
        ServerCallContext context)
    {
        notes.Called(context);
        int number = 0;
        try
        {
            await foreach (ProbeRequest request in requestStream.ReadAllAsync())
            {
                if (request.Action == "leave")
                {
                    // A read is left behind on purpose: the server has to end it before the request is over.
                    _ = requestStream.MoveNext();
                    return;
                }

                await responseStream.WriteAsync(new ProbeReply { Text = request.Text, Number = number++ });
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            notes.ReadEndedWith(e);
            throw;
        }
    }

    // Fills the client's window, until the call ends in the middle of a write.
    private async Task WriteForEver(IServerStreamWriter<ProbeReply> responses, ServerCallContext context)
    {
        ProbeReply large = new() { Payload = ByteString.CopyFrom(new byte[100_000]) };
        try
        {
            while (true)
            {
                await responses.WriteAsync(large);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException)
        {
            notes.WriteEndedWith(e);
            await notes.WaitForCancellation(context);
            throw;
        }
    }

    private async Task CancelOwnWrite(IServerStreamWriter<ProbeReply> responses)
    {
        using CancellationTokenSource mine = new();
        ProbeReply large = new() { Payload = ByteString.CopyFrom(new byte[100_000]) };
        while (true)
        {
            // Once the client's window is full the write does not end by itself.
            Task write = responses.WriteAsync(large, mine.Token);
            if (await Task.WhenAny(write, Task.Delay(TimeSpan.FromMilliseconds(300))) != write)
            {
                await mine.CancelAsync();
            }

            try
            {
                await write;
            }
            catch (OperationCanceledException e)
            {
                notes.WriteEndedWith(e);
                throw;
            }
        }
    }
}

/// <summary>What a handler saw of its call, read while the call lasted.</summary>
internal sealed record SeenCall(
    Metadata RequestHeaders, string Method, string Host, string Peer, DateTime Deadline, AuthContext AuthContext);

/// <summary>What a test learns of the calls of its server, and how it lets them go on.</summary>
internal sealed class ProbeNotes
{
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<SeenCall> calls = Channel.CreateUnbounded<SeenCall>();
    private readonly Channel<ServerCallContext> cancelled = Channel.CreateUnbounded<ServerCallContext>();
    private readonly Channel<Exception> ends = Channel.CreateUnbounded<Exception>();

    public Task Released => released.Task;

    public void Release() => released.TrySetResult();

    public void Called(ServerCallContext context) => calls.Writer.TryWrite(new SeenCall(
        context.RequestHeaders, context.Method, context.Host, context.Peer, context.Deadline, context.AuthContext));

    public void ReadEndedWith(Exception error) => ends.Writer.TryWrite(error);

    public void WriteEndedWith(Exception error) => ends.Writer.TryWrite(error);

    public async Task WaitForCancellation(ServerCallContext context)
    {
        TaskCompletionSource fired = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = context.CancellationToken.Register(fired.SetResult);
        await fired.Task;
        cancelled.Writer.TryWrite(context);
    }

    public Task<SeenCall> NextCall() => Next(calls);

    public Task<ServerCallContext> NextCancelled() => Next(cancelled);

    public Task<Exception> NextEnd() => Next(ends);

    private static async Task<T> Next<T>(Channel<T> channel)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        return await channel.Reader.ReadAsync(patience.Token);
    }
}
