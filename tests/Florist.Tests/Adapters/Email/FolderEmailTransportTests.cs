using Florist.Adapters.Email;
using Florist.Messaging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Florist.Tests.Adapters.Email;

public sealed class FolderEmailTransportTests : IDisposable
{
    private static readonly LookupHint Hint = new(DateTimeOffset.UnixEpoch);
    private readonly string _folder = Directory.CreateTempSubdirectory("florist-mail-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_message_becomes_one_file_with_its_bytes()
    {
        SendOutcome outcome = await Transport().Send(MailSamples.Email(), CancellationToken.None);

        string file = Assert.Single(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
        Assert.Equal(MailSamples.Written(MailSamples.Email()), await File.ReadAllTextAsync(file));
        Assert.Equal((SendKind.Accepted, file), (outcome.Kind, outcome.Text));
    }

    [Fact]
    public async Task A_repeat_changes_nothing_even_when_the_words_have_changed()
    {
        SendOutcome first = await Transport().Send(MailSamples.Email(), CancellationToken.None);
        SendOutcome again = await Transport().Send(
            MailSamples.Email() with { Subject = "Other" }, CancellationToken.None);

        Assert.Equal(first, again);
        string file = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "mail")));
        Assert.Contains("Subject: Your flowers", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attempts_at_the_same_time_leave_one_whole_file()
    {
        SendOutcome[] outcomes = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => Task.Run(() => Transport().Send(MailSamples.Email(), default))));

        Assert.All(outcomes, outcome => Assert.Equal(SendKind.Accepted, outcome.Kind));
        string file = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "mail")));
        Assert.Equal(MailSamples.Written(MailSamples.Email()), await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task A_look_up_finds_what_was_sent_and_nothing_else()
    {
        FolderEmailTransport transport = Transport();
        SendOutcome sent = await transport.Send(MailSamples.Email("a"), CancellationToken.None);

        Assert.Equal(
            LookupOutcome.Found(sent.ProviderId ?? ""),
            await Transport().Lookup(MailSamples.Email("a"), Hint, default));
        Assert.Equal(LookupOutcome.NotFound, await transport.Lookup(MailSamples.Email("b"), Hint, default));
        Assert.Equal(LookupOutcome.NotFound, await transport.Lookup(MailSamples.Email("not a key"), Hint, default));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_defers_and_leaves_no_trace()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "mail"), "in the way");

        SendOutcome outcome = await Transport().Send(MailSamples.Email(), CancellationToken.None);

        Assert.Equal((SendKind.Deferred, "WRITE_FAILED"), (outcome.Kind, outcome.Code));
        Assert.Equal(LookupOutcome.NotFound, await Transport().Lookup(MailSamples.Email(), Hint, default));
    }

    [Fact]
    public async Task A_caller_who_gives_up_leaves_no_file()
    {
        SendOutcome outcome = await Transport().Send(MailSamples.Email(), new CancellationToken(canceled: true));

        Assert.Equal((SendKind.Deferred, "CANCELLED"), (outcome.Kind, outcome.Code));
        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    private FolderEmailTransport Transport() => new(
        Options.Create(new EmailOptions
        {
            FromAddress = "shop@florist.example",
            Folder = Path.Combine(_folder, "mail"),
        }),
        NullLogger<FolderEmailTransport>.Instance);
}
