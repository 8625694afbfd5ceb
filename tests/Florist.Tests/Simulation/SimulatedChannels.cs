using Florist.Customers;
using Florist.Messaging;

namespace Florist.Tests.Simulation;

/// <summary>A message that a provider took.</summary>
/// <param name="At">When, in truth.</param>
/// <param name="ShopAt">When, by the shop's clock.</param>
/// <param name="Channel">On which channel.</param>
/// <param name="Key">The key that the shop gave it.</param>
/// <param name="To">The address.</param>
internal sealed record TakenMessage(
    DateTimeOffset At, DateTimeOffset ShopAt, Channel Channel, string Key, string To);

/// <summary>
/// The providers of e-mails and text messages. They remember what they took, whatever happens to the shop; text
/// messages can be asked about, e-mails cannot.
/// </summary>
internal sealed class SimulatedChannels(Simulation simulation) : IEmailTransport, ISmsTransport
{
    /// <summary>Addresses with this word in them do not exist.</summary>
    public const string Unknown = "nobody";

    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private readonly List<TakenMessage> taken = [];

    /// <summary>Everything that was taken, in order; what was taken twice stands there twice.</summary>
    public IReadOnlyList<TakenMessage> Taken => taken;

    /// <summary>How often a message was taken.</summary>
    public int CountOf(string key) => counts.GetValueOrDefault(key);

    public Task<SendOutcome> Send(OutgoingEmail email, CancellationToken cancel) =>
        Take(Channel.Email, email.MessageKey, email.To.Address, cancel);

    public Task<SendOutcome> Send(OutgoingSms sms, CancellationToken cancel) =>
        Take(Channel.Sms, sms.MessageKey, sms.To, cancel);

    public Task<LookupOutcome> Lookup(OutgoingEmail email, LookupHint hint, CancellationToken cancel) =>
        Task.FromResult(LookupOutcome.CannotTell);

    public async Task<LookupOutcome> Lookup(OutgoingSms sms, LookupHint hint, CancellationToken cancel)
    {
        await simulation.Outside();
        if (simulation.Faults.Happens(simulation.Faults.ProviderDown))
        {
            return LookupOutcome.AskLater;
        }

        return CountOf(sms.MessageKey) > 0 ? LookupOutcome.Found($"P-{sms.MessageKey}") : LookupOutcome.NotFound;
    }

    private async Task<SendOutcome> Take(Channel channel, string key, string to, CancellationToken cancel)
    {
        simulation.Oracle.MessageIsIntended(key);
        await simulation.Outside();
        if (cancel.IsCancellationRequested)
        {
            return SendOutcome.Deferred(SendProblem.Unavailable, "TIMEOUT", "given up before anything was said");
        }

        Faults faults = simulation.Faults;
        if (faults.Happens(faults.ProviderThrottles))
        {
            return SendOutcome.Deferred(
                SendProblem.Throttled, "429", "too many", faults.Happens(0.5) ? TimeSpan.FromSeconds(90) : null);
        }

        if (faults.Happens(faults.ProviderDown))
        {
            return SendOutcome.Deferred(SendProblem.Unavailable, "503", "not to be reached");
        }

        if (to.Contains(Unknown, StringComparison.Ordinal))
        {
            return SendOutcome.Rejected(SendProblem.InvalidAddress, "550", "there is no such address");
        }

        bool isLost = faults.Happens(faults.AnswerLost);
        if (!isLost || faults.Happens(0.5))
        {
            counts[key] = CountOf(key) + 1;
            taken.Add(new(simulation.Now, simulation.Clock.GetUtcNow(), channel, key, to));
            simulation.Note($"taken {channel} {key}");
        }

        await simulation.MayDie();
        return isLost ? SendOutcome.Uncertain("TIMEOUT", "no answer") : SendOutcome.Accepted($"P-{key}");
    }
}
