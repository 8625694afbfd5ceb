using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Florist.Messaging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Email;

/// <summary>Sends e-mails through a submission server, one connection out of a small pool for each attempt.</summary>
internal sealed class SmtpTransport : IEmailTransport, IAsyncDisposable
{
    private readonly EmailOptions _options;
    private readonly Mailbox _from;
    private readonly ILogger<SmtpTransport> _log;
    private readonly SmtpPool _pool;

    public SmtpTransport(IOptions<EmailOptions> options, ILogger<SmtpTransport> log)
    {
        _options = options.Value;
        _from = new Mailbox(_options.FromAddress, _options.FromName);
        _log = log;
        _pool = new SmtpPool(_options.Smtp);
    }

    public async Task<SendOutcome> Send(OutgoingEmail email, CancellationToken cancel)
    {
        WrittenMail mail;
        try
        {
            mail = MimeWriter.Write(email, _from, _options.ReturnPath);
        }
        catch (UnwritableMailException e)
        {
            return Logged(email, SendOutcome.Rejected(e.Problem, e.Code, e.Message));
        }

        return Logged(email, Discreet(await Attempt(mail, cancel), email, mail));
    }

    // SMTP has no way to ask for a message that was handed over.
    public Task<LookupOutcome> Lookup(OutgoingEmail email, LookupHint hint, CancellationToken cancel) =>
        Task.FromResult(LookupOutcome.CannotTell);

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    private async Task<SendOutcome> Attempt(WrittenMail mail, CancellationToken cancel)
    {
        SmtpSession? session = null;
        bool usable = false;
        try
        {
            session = await _pool.Rent(cancel);
            SmtpReply reply = await session.Deliver(mail, cancel);
            usable = reply.Code != 421;
            return reply.IsPositive
                ? SendOutcome.Accepted(mail.MessageId, reply.Text)
                : SmtpVerdict.Of(SmtpStage.Verdict, reply);
        }
        catch (SmtpRefusedException e)
        {
            // After 421 the server hangs up, and after an unlawful answer to DATA nobody knows what it expects next.
            usable = e.Reply.Code != 421 && (e.Stage != SmtpStage.Data || !e.Reply.IsPositive);
            return SmtpVerdict.Of(e.Stage, e.Reply);
        }
        catch (UnwritableMailException e)
        {
            usable = true;
            return SendOutcome.Rejected(e.Problem, e.Code, e.Message);
        }
        catch (Exception e) when (CodeOf(e, cancel) is not null)
        {
            return Broken(e, session?.Stage ?? SmtpStage.Connect, cancel);
        }
        finally
        {
            if (session is not null)
            {
                await _pool.Return(session, usable);
            }
        }
    }

    private static SendOutcome Broken(Exception failure, SmtpStage stage, CancellationToken cancel)
    {
        string code = CodeOf(failure, cancel) ?? "UNKNOWN";
        string text = $"{stage}: {failure.Message}";
        if (stage == SmtpStage.Verdict)
        {
            return SendOutcome.Uncertain(code, text);
        }

        bool ours = failure is AuthenticationException or CryptographicException;
        return SendOutcome.Deferred(ours ? SendProblem.Configuration : SendProblem.Unavailable, code, text);
    }

    // Null for everything that is not the network's, the server's or the caller's doing: that is a bug and is thrown.
    private static string? CodeOf(Exception failure, CancellationToken cancel) => failure switch
    {
        OperationCanceledException => cancel.IsCancellationRequested ? "CANCELLED" : "TIMEOUT",
        SmtpProtocolException => "PROTOCOL",
        AuthenticationException or CryptographicException => "TLS_FAILED",
        SocketException => "CONNECT_FAILED",
        IOException => "CONNECTION_LOST",
        _ => null,
    };

    // Servers like to repeat the address; outcomes are logged and stored, so it is taken out.
    private static SendOutcome Discreet(SendOutcome outcome, OutgoingEmail email, WrittenMail mail) => outcome with
    {
        Text = outcome.Text
            .Replace(mail.EnvelopeTo.ToString(), "(recipient)", StringComparison.OrdinalIgnoreCase)
            .Replace(email.To.Address, "(recipient)", StringComparison.OrdinalIgnoreCase),
    };

    private SendOutcome Logged(OutgoingEmail email, SendOutcome outcome)
    {
        if (outcome.Kind != SendKind.Accepted)
        {
            EmailLog.NotAccepted(_log, email.MessageKey, outcome.Kind, outcome.Problem, outcome.Code, outcome.Text);
        }

        return outcome;
    }
}
