using Florist.Messaging;

namespace Florist.Tests.Messaging;

/// <summary>
/// The world outside: takes e-mails and text messages as the script says, and remembers what it took, whatever
/// happens to the shop. Unscripted, it accepts.
/// </summary>
internal sealed class ScriptedProvider : IEmailTransport, ISmsTransport
{
    private readonly Queue<Func<SendOutcome?>> script = new();

    /// <summary>False: it can never tell whether it has a message, as plain SMTP.</summary>
    public bool CanTell { get; set; } = true;

    /// <summary>Questions that it is not there to answer, before it answers again.</summary>
    public int Deaf { get; set; }

    /// <summary>Everything it took, in order; a message that it took twice stands there twice.</summary>
    public List<(string Key, string To, string Body, TimeSpan? Validity)> Taken { get; } = [];

    public List<OutgoingEmail> Emails { get; } = [];

    public int Attempts { get; private set; }

    public int Asked { get; private set; }

    public LookupHint? LastHint { get; private set; }

    /// <summary>Called before a message is taken; may throw to stand for a dead process.</summary>
    public Action? BeforeTaking { get; set; }

    /// <summary>
    /// Called after a message was taken or not, before the answer leaves; may throw to stand for a dead process.
    /// </summary>
    public Action<bool>? BeforeAnswer { get; set; }

    /// <summary>The next attempt ends like this and nothing is taken.</summary>
    public ScriptedProvider Then(SendOutcome outcome)
    {
        script.Enqueue(() => outcome);
        return this;
    }

    /// <summary>The next message is taken, but its answer is lost.</summary>
    public ScriptedProvider ThenLoseTheAnswer()
    {
        script.Enqueue(() => null);
        return this;
    }

    public Task<SendOutcome> Send(OutgoingEmail email, CancellationToken cancel)
    {
        Emails.Add(email);
        return Take(email.MessageKey, email.To.Address, $"{email.Subject}\n{email.Text}", null);
    }

    public Task<SendOutcome> Send(OutgoingSms sms, CancellationToken cancel) =>
        Take(sms.MessageKey, sms.To, sms.Body, sms.ValidityPeriod);

    public Task<LookupOutcome> Lookup(OutgoingEmail email, LookupHint hint, CancellationToken cancel) =>
        Answer(email.MessageKey, hint);

    public Task<LookupOutcome> Lookup(OutgoingSms sms, LookupHint hint, CancellationToken cancel) =>
        Answer(sms.MessageKey, hint);

    private Task<SendOutcome> Take(string key, string to, string body, TimeSpan? validity)
    {
        BeforeTaking?.Invoke();
        Attempts++;
        bool scripted = script.TryDequeue(out Func<SendOutcome?>? step);
        SendOutcome? refused = scripted ? step?.Invoke() : null;
        bool taken = refused is null;
        if (taken)
        {
            Taken.Add((key, to, body, validity));
        }

        BeforeAnswer?.Invoke(taken);
        return Task.FromResult(
            refused ?? (scripted ? SendOutcome.Uncertain("TIMEOUT", "no answer") : SendOutcome.Accepted($"P-{key}")));
    }

    private Task<LookupOutcome> Answer(string key, LookupHint hint)
    {
        Asked++;
        LastHint = hint;
        if (!CanTell)
        {
            return Task.FromResult(LookupOutcome.CannotTell);
        }

        if (Deaf > 0)
        {
            Deaf--;
            return Task.FromResult(LookupOutcome.AskLater);
        }

        bool has = Taken.Any(taken => taken.Key == key);
        return Task.FromResult(has ? LookupOutcome.Found($"P-{key}") : LookupOutcome.NotFound);
    }
}
