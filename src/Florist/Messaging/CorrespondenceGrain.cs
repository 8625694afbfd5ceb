using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace Florist.Messaging;

/// <summary>
/// Orders the steps: read what is kept, let the rules decide, commit decision and order to send together.
/// </summary>
[GrainType(MessageShelf.GrainType)]
internal sealed class CorrespondenceGrain(
    [PersistentState("correspondence")] IPersistentState<CorrespondenceBook> book,
    IGrainRows rows,
    IRestoreMark restore,
    TimeProvider time,
    IOptions<MessagingOptions> options,
    ILogger<CorrespondenceGrain> log)
    : Grain, ICorrespondenceGrain
{
    private const int NeighboursMax = 50;
    private const int PurgeRowsMax = 500;
    private const int StoppedMax = 200;

    private static readonly TimeSpan AwaitMax = TimeSpan.FromSeconds(2);

    private readonly MessageShelf shelf = new(rows);
    private readonly Attempts attempts = new(options.Value.Clock);
    private readonly SendSettings settings = options.Value.ToSendSettings();

    private CustomerId CustomerId => new(this.GetPrimaryKeyString());

    public async Task<ImmutableArray<MessageDecision>> Note(PromiseNote note, MessageCandidate? candidate)
    {
        CorrespondenceBook learnt = book.State.Hear(note, time.GetUtcNow());
        if (candidate is not null)
        {
            return await Propose(candidate, learnt);
        }

        if (learnt != book.State)
        {
            await book.Commit(learnt, DeactivateOnIdle);
        }

        return [];
    }

    public Task<ImmutableArray<MessageDecision>> Propose(MessageCandidate candidate) => Propose(candidate, book.State);

    private async Task<ImmutableArray<MessageDecision>> Propose(MessageCandidate candidate, CorrespondenceBook learnt)
    {
        string prefix = MessageId.Prefix(candidate.Key, candidate.OccurredAt);
        ImmutableArray<MessageRecord> earlier = await shelf.OfNews(this.GetGrainId(), prefix, CancellationToken.None);
        if (!earlier.IsEmpty)
        {
            if (learnt != book.State)
            {
                await book.Commit(learnt, DeactivateOnIdle);
            }

            return Decisions(earlier);
        }

        DateTimeOffset now = time.GetUtcNow();
        int? known = candidate.Progress is { } news ? book.State.RankOf(news) : null;
        ImmutableArray<MessageRecord> decided =
            MessageRules.Decide(candidate, known, now, settings.Quiet, learnt.HasOpenPromise);
        CorrespondenceBook next = learnt.Learn(candidate.Progress, now);
        foreach (MessageRecord message in decided)
        {
            next = next.Put(message);
            next = message.IsOver ? next : next.Send(SendOrder.For(CustomerId, message));
        }

        await book.Commit(next, DeactivateOnIdle);
        foreach (MessageRecord message in decided)
        {
            CountIfLate(message);
            MessagingLog.Decided(log, message.Id.Value, message.Kind, message.Channel, message.State, message.Reason);
        }

        return Decisions(decided);
    }

    public async Task<SendPermit> BeginSend(BeginSend command)
    {
        MessageRecord? message = await shelf.Find(this.GetGrainId(), command.MessageId, CancellationToken.None);
        if (message is null)
        {
            // Purged since.
            return SendPermit.Over;
        }

        if (command.Addressee?.Revision < book.State.HonouredRevision)
        {
            return SendPermit.LookAgain;
        }

        DateTimeOffset now = time.GetUtcNow();
        int? known = message.Progress is { } news ? book.State.RankOf(news) : null;
        SendSettings current = settings with
        {
            RestoredAt = await restore.RestoredAt(),
            PromiseOpen = book.State.HasOpenPromise,
        };
        SendStep step = SendRules.Begin(message, command.Turn, command.Addressee, known, now, current);
        await Commit(message, step.Message);

        if (step.Verdict == SendVerdict.Ask)
        {
            // Not asked before the deadline of the attempt has passed: whoever had leave has given up.
            attempts.End(message.Id);
        }
        else if (step.Verdict == SendVerdict.Send)
        {
            attempts.Begin(message.Id);
        }

        return step.Verdict switch
        {
            SendVerdict.Send => Permit(step.Message, SendVerdict.Send),
            SendVerdict.Ask => Permit(step.Message, SendVerdict.Ask) with
            {
                OtherProviderIds = await Neighbours(step.Message),
            },
            _ => SendPermit.Over,
        };
    }

    public async Task<Done> EndSend(EndSend command)
    {
        try
        {
            return await Record(command);
        }
        finally
        {
            attempts.End(command.MessageId);
        }
    }

    public async Task<ImmutableArray<MessageId>> Stop(Addressee addressee)
    {
        ImmutableArray<MessageRecord> newest =
            await shelf.Newest(this.GetGrainId(), StoppedMax, null, CancellationToken.None);
        ImmutableArray<MessageRecord> stopped = [.. newest
            .Select(message => (Before: message, After: SendRules.Stop(message, addressee)))
            .Where(pair => pair.Before != pair.After)
            .Select(pair => pair.After)];
        if (!stopped.IsEmpty || addressee.Revision > book.State.HonouredRevision)
        {
            CorrespondenceBook next = stopped.Aggregate(book.State, (state, message) => state.Put(message));
            long revision = Math.Max(addressee.Revision, book.State.HonouredRevision);
            await book.Commit(next with { HonouredRevision = revision }, DeactivateOnIdle);
            foreach (MessageRecord message in stopped)
            {
                MessagingLog.Stopped(log, message.Id.Value, message.Kind, message.Reason);
            }
        }

        return [.. newest
            .Where(message => SendRules.Refuses(message, addressee))
            .Where(message => message.State == MessageState.Sending || attempts.IsUnderWay(message.Id))
            .Select(message => message.Id)];
    }

    public async Task<ImmutableArray<MessageId>> AwaitAttempts(ImmutableArray<MessageId> messages)
    {
        ImmutableArray<MessageId> late = await attempts.Await(messages, AwaitMax);
        ImmutableArray<MessageId>.Builder underWay = ImmutableArray.CreateBuilder<MessageId>();
        foreach (MessageId message in messages)
        {
            // One that an earlier activation gave leave to is known by its state alone.
            if (late.Contains(message)
                || await shelf.Find(this.GetGrainId(), message, CancellationToken.None)
                    is { State: MessageState.Sending })
            {
                underWay.Add(message);
            }
        }

        return underWay.ToImmutable();
    }

    public async Task<Done> Drop(MessageId message, int turn)
    {
        MessageRecord? found = await shelf.Find(this.GetGrainId(), message, CancellationToken.None);
        if (found is not null && found.Turn == turn)
        {
            await Commit(found, SendRules.Dropped(found));
        }

        return Done.Value;
    }

    public async Task<bool> Resolve(MessageId message, bool again)
    {
        MessageRecord? found = await shelf.Find(this.GetGrainId(), message, CancellationToken.None);
        if (found is not { State: MessageState.Uncertain, IsOver: true })
        {
            return false;
        }

        DateTimeOffset now = time.GetUtcNow();
        if (again && now >= found.ExpiresAt)
        {
            return false;
        }

        if (again)
        {
            await Commit(found, SendRules.Again(found, now));
            return true;
        }

        await book.Commit(book.State.DoNotAsk(CustomerId, message), DeactivateOnIdle);
        return true;
    }

    public async Task<Done> Purge()
    {
        while (true)
        {
            ImmutableArray<string> ids = await shelf.Ids(this.GetGrainId(), PurgeRowsMax, CancellationToken.None);
            CorrespondenceBook next = new();
            foreach (string id in ids)
            {
                next = next.With(next.Effects.Put(RowChange.DeleteChild(MessageRecord.RowKind, id)))
                    .DoNotAsk(CustomerId, new MessageId(id));
            }

            if (ids.IsEmpty && book.State.Progress.IsEmpty && book.State.Promises.IsEmpty)
            {
                return Done.Value;
            }

            await book.Commit(next, DeactivateOnIdle);
        }
    }

    private async Task<Done> Record(EndSend command)
    {
        MessageRecord? message = await shelf.Find(this.GetGrainId(), command.MessageId, CancellationToken.None);
        bool awaited = message is { State: MessageState.Sending or MessageState.Uncertain, IsOver: false };
        if (message is null || !awaited || message.Turn != command.Turn)
        {
            return Done.Value;
        }

        DateTimeOffset now = time.GetUtcNow();
        MessageRecord told = message with
        {
            Subject = command.Subject ?? message.Subject,
            TemplateVersion = command.TemplateVersion ?? message.TemplateVersion,
        };
        if (command.Found is { } found)
        {
            await Commit(message, SendRules.AfterAsking(told, found, now).Message);
            return Done.Value;
        }

        SendOutcome sent = command.Sent
            ?? throw new ArgumentException("neither an attempt nor a question has an outcome", nameof(command));
        SendStep step = SendRules.AfterSending(told, sent, now, settings);
        MessageRecord? instead = step.Message.State == MessageState.Failed
            ? await Instead(step.Message, sent.Problem, command.Addressee, now)
            : null;
        await Commit(message, step.Message, instead);
        return Done.Value;
    }

    private async Task<MessageRecord?> Instead(
        MessageRecord failed, SendProblem problem, Addressee? addressee, DateTimeOffset now)
    {
        if (SendRules.Instead(failed, problem, addressee, now, settings) is not { } instead)
        {
            return null;
        }

        // News that goes out on both channels has told it there already.
        return await shelf.Find(this.GetGrainId(), instead.Id, CancellationToken.None) is null ? instead : null;
    }

    private async Task Commit(MessageRecord before, MessageRecord after, MessageRecord? added = null)
    {
        if (after == before)
        {
            return;
        }

        CorrespondenceBook next = book.State.Put(after);
        next = after.Turn > before.Turn ? next.Send(SendOrder.For(CustomerId, after)) : next;
        next = added is null ? next : next.Put(added).Send(SendOrder.For(CustomerId, added));
        next = UncertainSends.IsOne(after) ? next.Ask(CustomerId, after, time.GetUtcNow())
            : UncertainSends.IsOne(before) ? next.DoNotAsk(CustomerId, after.Id)
            : next;
        await book.Commit(next, DeactivateOnIdle);
        CountIfLate(after);
        MessagingLog.Moved(log, after.Id.Value, before.State, after.State, after.Turn, after.Reason);
        if (after is { State: MessageState.Uncertain, IsOver: true })
        {
            MessagingLog.OutcomeUnknown(log, after.Id.Value, after.Kind);
        }

        if (added is not null)
        {
            MessagingLog.TookOtherChannel(log, added.Id.Value, after.Id.Value, after.Reason);
        }
    }

    private static void CountIfLate(MessageRecord message)
    {
        bool late = message.State == MessageState.Expired || message.Reason == MessageReasons.Superseded;
        if (late)
        {
            bool notice = KindPolicy.Of(message.Kind).Purpose == Purpose.OrderNotices;
            CatchUpRules.Count(notice ? CatchUpKind.OrderNotice : CatchUpKind.OccasionReminder);
        }
    }

    private SendPermit Permit(MessageRecord message, SendVerdict verdict) => new()
    {
        Verdict = verdict,
        MessageKey = $"{CustomerId}.{message.Id}",
        To = message.To ?? throw new InvalidOperationException($"{message.Id} was begun without an address"),
        Model = message.Model ?? throw new InvalidOperationException($"{message.Id} has nothing to say"),
        DecidedAt = message.DecidedAt,
        ExpiresAt = message.ExpiresAt,
        AttemptedAt = message.AttemptedAt ?? message.DecidedAt,
    };

    private async Task<ImmutableArray<string>> Neighbours(MessageRecord message)
    {
        ImmutableArray<MessageRecord> newest =
            await shelf.Newest(this.GetGrainId(), NeighboursMax, null, CancellationToken.None);
        return [.. newest
            .Where(other => other.Id != message.Id && other.To == message.To)
            .Select(other => other.ProviderId)
            .OfType<string>()];
    }

    private static ImmutableArray<MessageDecision> Decisions(ImmutableArray<MessageRecord> messages) =>
        [.. messages.Select(each => new MessageDecision(each.Id, each.Channel, each.State, each.Reason))];
}
