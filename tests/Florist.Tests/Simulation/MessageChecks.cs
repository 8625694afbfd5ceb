using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using Florist.Messaging;

namespace Florist.Tests.Simulation;

/// <summary>Whether what reached the providers is what should have: I3, I4, consent and the night's rest.</summary>
internal sealed class MessageChecks(Simulation simulation)
{
    private static readonly QuietHours Quiet = new(new MessagingOptions().QuietFrom, new MessagingOptions().QuietUntil);

    // From the decision to the provider's door, with everything slow.
    private static readonly TimeSpan OnItsWay = TimeSpan.FromMinutes(3);

    public void Check()
    {
        HashSet<string> explained = new(StringComparer.Ordinal);
        foreach (CustomerLife customer in simulation.Customers)
        {
            ImmutableArray<MessageRecord> messages = simulation.Oracle.List(
                "SELECT body FROM grain_row WHERE owner = $1 AND kind = $2",
                row => FloristJson.Read<MessageRecord>(row.GetString(0)),
                MessageShelf.Of(customer.Id).ToString(),
                MessageRecord.RowKind);
            Dictionary<string, MessageRecord> byKey =
                messages.ToDictionary(message => $"{customer.Id}.{message.Id}", StringComparer.Ordinal);
            foreach ((string key, MessageRecord message) in byKey)
            {
                explained.Add(key);
                CheckCount(key, message);
            }

            CheckOnce(customer, messages);
            foreach (TakenMessage taken in simulation.Channels.Taken.Where(one => byKey.ContainsKey(one.Key)))
            {
                CheckLeave(customer, taken, byKey[taken.Key]);
            }
        }

        foreach (TakenMessage stranger in simulation.Channels.Taken.Where(one => !explained.Contains(one.Key)))
        {
            // Only what was purged with its customer may be without a record.
            string id = stranger.Key[..stranger.Key.LastIndexOf('.')];
            bool isPurged = PromiseChecks.CustomerOf(simulation.Oracle, id) is { PurgedAt: not null };
            Claim("I4", isPurged, $"{stranger.Key} was sent and there is no record of it");
        }
    }

    /// <summary>I3: how often it was taken is what its record allows.</summary>
    private void CheckCount(string key, MessageRecord message)
    {
        int count = simulation.Channels.CountOf(key);
        bool mayRepeat = message.Resent && KindPolicy.Of(message.Kind).ResendUnknown;
        Claim("I3", count <= (mayRepeat ? 2 : 1), $"{key} ({message.Kind} on {message.Channel}) arrived {count} times");
        Claim("I3", count >= 1 || message.State != MessageState.Sent, $"{key} is said to be sent and never arrived");
        if (message.State is MessageState.Failed or MessageState.Expired or MessageState.Suppressed && !message.Resent)
        {
            Claim("I3", count == 0, $"{key} is said to be {message.State} and arrived");
        }
    }

    /// <summary>I2: the same news stands there once a channel, and reaches a customer's eyes once.</summary>
    private void CheckOnce(CustomerLife customer, ImmutableArray<MessageRecord> messages)
    {
        foreach (IGrouping<string, MessageRecord> news in messages
            .Where(message => message.Kind == MessageKind.OccasionReminder)
            .GroupBy(message => message.Key, StringComparer.Ordinal))
        {
            int arrived = news.Sum(message => simulation.Channels.CountOf($"{customer.Id}.{message.Id}"));
            Claim("I3", arrived <= 1, $"{customer.Id} was reminded {arrived} times of {news.Key}");
            Claim(
                "I2",
                news.GroupBy(message => message.Channel).All(channel => channel.Count() == 1),
                $"{news.Key} has two records on one channel");
        }
    }

    private void CheckLeave(CustomerLife customer, TakenMessage taken, MessageRecord message)
    {
        KindPolicy policy = KindPolicy.Of(message.Kind);
        if (policy.Purpose == Purpose.OccasionReminders)
        {
            Claim(
                "CONSENT",
                MayBeReminded(customer, taken.At),
                $"{taken.Key} reminds {customer.Id} who does not want it");
        }

        if (taken.Channel == Channel.Sms && !policy.WakesPeople)
        {
            DateTimeOffset before = taken.At - OnItsWay;
            bool jumped = simulation.Clock.WorstBetween(before, taken.At) != (TimeSpan.Zero, TimeSpan.Zero);
            Claim(
                "QUIET",
                jumped || Quiet.EndAfter(taken.ShopAt, customer.Zone) is null
                    || Quiet.EndAfter(taken.ShopAt - OnItsWay, customer.Zone) is null,
                $"{taken.Key} disturbs {customer.Id} at {taken.ShopAt:O}");
        }
    }

    /// <summary>True unless the last word before the message left was surely no.</summary>
    private static bool MayBeReminded(CustomerLife customer, DateTimeOffset at)
    {
        DateTimeOffset decided = at - OnItsWay;
        (ClientCall Call, bool Given) last = default;
        foreach ((ClientCall Call, bool Given) consent in customer.Consents.Where(entry => entry.Call.MayHaveHappened))
        {
            if (consent.Call.BegunAt <= at)
            {
                if (consent.Given && (consent.Call.EndedAt > decided || !consent.Call.IsDone))
                {
                    return true;
                }

                last = consent.Call.EndedAt <= decided && consent.Call.IsDone ? consent : (consent.Call, true);
            }
        }

        return last.Call is null || last.Given;
    }

    private void Claim(string invariant, bool holds, string otherwise)
    {
        if (!holds)
        {
            simulation.Broken(invariant, otherwise);
        }
    }
}
