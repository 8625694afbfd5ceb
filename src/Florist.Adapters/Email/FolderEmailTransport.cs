using Florist.Messaging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Email;

/// <summary>
/// Writes each e-mail to a file of its own. A file is there in full or not at all and its name derives from the message
/// key, so a repeat changes nothing and a look-up is certain.
/// </summary>
internal sealed class FolderEmailTransport : IEmailTransport
{
    private const string Unfinished = ".tmp";

    private readonly EmailOptions _options;
    private readonly Mailbox _from;
    private readonly ILogger<FolderEmailTransport> _log;

    public FolderEmailTransport(IOptions<EmailOptions> options, ILogger<FolderEmailTransport> log)
    {
        _options = options.Value;
        _from = new Mailbox(_options.FromAddress, _options.FromName);
        _log = log;
        EmailLog.WritingToFolder(log, _options.Folder);
    }

    public async Task<SendOutcome> Send(OutgoingEmail email, CancellationToken cancel)
    {
        SendOutcome outcome = await Attempt(email, cancel);
        if (outcome.Kind != SendKind.Accepted)
        {
            EmailLog.NotAccepted(_log, email.MessageKey, outcome.Kind, outcome.Problem, outcome.Code, outcome.Text);
        }

        return outcome;
    }

    public Task<LookupOutcome> Lookup(OutgoingEmail email, LookupHint hint, CancellationToken cancel)
    {
        try
        {
            string messageId = MimeWriter.Write(email, _from, _options.ReturnPath).MessageId;
            return Task.FromResult(
                File.Exists(PathOf(email)) ? LookupOutcome.Found(messageId) : LookupOutcome.NotFound);
        }
        catch (UnwritableMailException)
        {
            // What cannot be written was never sent.
            return Task.FromResult(LookupOutcome.NotFound);
        }
    }

    private async Task<SendOutcome> Attempt(OutgoingEmail email, CancellationToken cancel)
    {
        try
        {
            WrittenMail mail = MimeWriter.Write(email, _from, _options.ReturnPath);
            string path = PathOf(email);
            if (!File.Exists(path))
            {
                Directory.CreateDirectory(_options.Folder);
                await WriteWhole(path, mail.Content, cancel);
            }

            return SendOutcome.Accepted(mail.MessageId, path);
        }
        catch (UnwritableMailException e)
        {
            return SendOutcome.Rejected(e.Problem, e.Code, e.Message);
        }
        catch (OperationCanceledException)
        {
            return SendOutcome.Deferred(SendProblem.Unavailable, "CANCELLED", "given up before the file was named");
        }
        catch (IOException e)
        {
            return SendOutcome.Deferred(SendProblem.Unavailable, "WRITE_FAILED", e.Message);
        }
        catch (UnauthorizedAccessException e)
        {
            return SendOutcome.Deferred(SendProblem.Configuration, "WRITE_DENIED", e.Message);
        }
    }

    // The bytes are on the disk before the name is. Two attempts at once write the same bytes; the later name wins.
    private static async Task WriteWhole(string path, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        string unfinished = $"{path}.{Path.GetRandomFileName()}{Unfinished}";
        try
        {
            await using (FileStream file = new(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await file.WriteAsync(content, cancel);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    private string PathOf(OutgoingEmail email) =>
        Path.Combine(_options.Folder, $"{MailNames.FileName(email.MessageKey)}.eml");
}
