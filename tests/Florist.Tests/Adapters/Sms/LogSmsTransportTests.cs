using System.Text.Json;
using Florist.Adapters.Sms;
using Florist.Messaging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Florist.Tests.Adapters.Sms;

public sealed class LogSmsTransportTests : IDisposable
{
    private static readonly LookupHint Hint = new(DateTimeOffset.UnixEpoch);
    private readonly string _folder = Directory.CreateTempSubdirectory("florist-sms-").FullName;

    private string LogFile => Path.Combine(_folder, "data", "sms.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_message_becomes_one_line()
    {
        using LogSmsTransport transport = Transport();

        SendOutcome outcome = await transport.Send(
            SmsSamples.Sms() with { Body = "two\nlines 🌷" }, CancellationToken.None);

        Assert.Equal(SendKind.Accepted, outcome.Kind);
        using JsonDocument line = JsonDocument.Parse(Assert.Single(await File.ReadAllLinesAsync(LogFile)));
        Assert.Equal("ord_1:delivered", line.RootElement.GetProperty("messageKey").GetString());
        Assert.Equal("+15558675310", line.RootElement.GetProperty("to").GetString());
        Assert.Equal("two\nlines 🌷", line.RootElement.GetProperty("body").GetString());
    }

    [Fact]
    public async Task A_repeat_changes_nothing_even_after_a_restart()
    {
        SendOutcome first;
        using (LogSmsTransport transport = Transport())
        {
            first = await transport.Send(SmsSamples.Sms(), CancellationToken.None);
            Assert.Equal(first, await transport.Send(SmsSamples.Sms(), CancellationToken.None));
        }

        using LogSmsTransport restarted = Transport();
        Assert.Equal(first, await restarted.Send(SmsSamples.Sms(), CancellationToken.None));
        Assert.Single(await File.ReadAllLinesAsync(LogFile));
    }

    [Fact]
    public async Task A_look_up_after_a_restart_finds_what_was_sent_and_nothing_else()
    {
        SendOutcome sent;
        using (LogSmsTransport transport = Transport())
        {
            sent = await transport.Send(SmsSamples.Sms("a"), CancellationToken.None);
        }

        using LogSmsTransport restarted = Transport();
        Assert.Equal(
            LookupOutcome.Found(sent.ProviderId ?? ""), await restarted.Lookup(SmsSamples.Sms("a"), Hint, default));
        Assert.Equal(LookupOutcome.NotFound, await restarted.Lookup(SmsSamples.Sms("b"), Hint, default));
    }

    [Fact]
    public async Task A_crash_anywhere_within_a_line_loses_that_message_alone()
    {
        using (LogSmsTransport transport = Transport())
        {
            await transport.Send(SmsSamples.Sms("a"), CancellationToken.None);
            await transport.Send(SmsSamples.Sms("b"), CancellationToken.None);
        }

        byte[] whole = await File.ReadAllBytesAsync(LogFile);
        int second = Array.IndexOf(whole, (byte)'\n') + 1;
        for (int length = second; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(LogFile, whole[..length]);
            using LogSmsTransport restarted = Transport();

            Assert.Equal(LookupKind.Found, (await restarted.Lookup(SmsSamples.Sms("a"), Hint, default)).Kind);
            Assert.Equal(LookupOutcome.NotFound, await restarted.Lookup(SmsSamples.Sms("b"), Hint, default));
            await restarted.Send(SmsSamples.Sms("b"), CancellationToken.None);
            Assert.Equal(2, (await File.ReadAllLinesAsync(LogFile)).Length);
        }
    }

    [Fact]
    public async Task A_file_that_holds_something_else_is_left_alone()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "data"));
        await File.WriteAllTextAsync(LogFile, "someone's notes\n");
        using LogSmsTransport transport = Transport();

        SendOutcome outcome = await transport.Send(SmsSamples.Sms(), CancellationToken.None);

        Assert.Equal((SendKind.Deferred, "WRITE_FAILED"), (outcome.Kind, outcome.Code));
        Assert.Equal(LookupOutcome.AskLater, await transport.Lookup(SmsSamples.Sms(), Hint, default));
        Assert.Equal("someone's notes\n", await File.ReadAllTextAsync(LogFile));
    }

    [Fact]
    public async Task Messages_at_the_same_time_get_a_line_each()
    {
        using LogSmsTransport transport = Transport();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(
            n => Task.Run(() => transport.Send(SmsSamples.Sms($"key-{n % 25}"), default))));

        Assert.Equal(25, (await File.ReadAllLinesAsync(LogFile)).Distinct().Count());
    }

    [Fact]
    public async Task A_caller_who_gives_up_leaves_no_line()
    {
        using LogSmsTransport transport = Transport();

        SendOutcome outcome = await transport.Send(SmsSamples.Sms(), new CancellationToken(canceled: true));

        Assert.Equal((SendKind.Deferred, "CANCELLED"), (outcome.Kind, outcome.Code));
        Assert.False(File.Exists(LogFile));
    }

    private LogSmsTransport Transport() => new(
        Options.Create(new SmsOptions { LogFile = LogFile }),
        TimeProvider.System,
        NullLogger<LogSmsTransport>.Instance);
}
