using Grpc.Kestrel.Tests.Testing;
using Microsoft.Extensions.Logging;

namespace Grpc.Kestrel.Tests.Server;

public class CancellationTests
{
    [Fact]
    public async Task A_client_that_resets_its_call_cancels_the_handler_quietly()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();
        using CancellationTokenSource mine = new();

        Task<HttpResponseMessage> call = client.SendAsync(
            RawCall.Request("Unary", RawCall.Frame("", "wait")), mine.Token);
        await server.Notes.NextCall();
        await mine.CancelAsync();
        await server.Notes.NextCancelled();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.DoesNotContain(server.Log.Lines, line => line.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task A_client_that_is_gone_ends_the_read_of_its_stream()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using (HttpClient client = server.CreateHttpClient())
        {
            using CancellationTokenSource mine = new();
            using WaitingContent open = new(RawCall.Frame("first"));
            Task<HttpResponseMessage> call = client.SendAsync(
                RawCall.Request("Chat", open), HttpCompletionOption.ResponseHeadersRead, mine.Token);
            using HttpResponseMessage response = await call;
            await server.Notes.NextCall();
        }

        Exception end = await server.Notes.NextEnd();

        Assert.True(end is OperationCanceledException or IOException, end.ToString());
        Assert.DoesNotContain(server.Log.Lines, line => line.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task A_client_that_resets_during_a_blocked_write_ends_the_write()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        using (await client.SendAsync(
            RawCall.Request("Spread", RawCall.Frame("x", "for ever")), HttpCompletionOption.ResponseHeadersRead))
        {
            await server.Notes.NextCall();
        }

        Exception end = await server.Notes.NextEnd();
        await server.Notes.NextCancelled();

        Assert.True(end is OperationCanceledException or InvalidOperationException, end.ToString());
        Assert.DoesNotContain(server.Log.Lines, line => line.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task A_handler_that_cancels_its_own_write_resets_the_stream_with_cancel()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        using HttpResponseMessage response = await client.SendAsync(
            RawCall.Request("Spread", RawCall.Frame("x", "cancel own write")),
            HttpCompletionOption.ResponseHeadersRead);

        // Nothing is read before the write was cancelled, so that it is stuck until then.
        Assert.IsType<OperationCanceledException>(await server.Notes.NextEnd(), exactMatch: false);
        HttpProtocolException error = await ResetOf(response);

        Assert.Equal(8, error.ErrorCode);
    }

    [Fact]
    public async Task A_read_that_the_handler_left_behind_does_not_disturb_the_end_of_the_call()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();
        using WaitingContent open = new([.. RawCall.Frame("one"), .. RawCall.Frame("", "leave")]);

        RawAnswer answer = await client.Call(RawCall.Request("Chat", open));

        Assert.Equal(("0", "one"), (answer.Status, answer.Reply().Text));
    }

    [Fact]
    public async Task Two_writes_at_once_are_refused()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Spread", RawCall.Frame("", "two at once")));

        Assert.Equal("0", answer.Status);
        Assert.Equal("Can't write the message because the previous write is in progress.", answer.Reply(1).Text);
    }

    [Fact]
    public async Task Messages_with_a_buffer_hint_arrive_by_the_end_of_the_call()
    {
        await using ProbeServer server = await ProbeServer.Start();
        using HttpClient client = server.CreateHttpClient();

        RawAnswer answer = await client.Call(RawCall.Request("Spread", RawCall.Frame("x", "buffer", 50)));

        Assert.Equal(Enumerable.Range(0, 50), Enumerable.Range(0, 50).Select(i => answer.Reply(i).Number));
    }

    private static async Task<HttpProtocolException> ResetOf(HttpResponseMessage response)
    {
        Exception? error = await Record.ExceptionAsync(() => response.Content.ReadAsByteArrayAsync());
        while (error is not null and not HttpProtocolException)
        {
            error = error.InnerException;
        }

        return Assert.IsType<HttpProtocolException>(error, exactMatch: false);
    }
}
