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
    TimeProvider time,
    IOptions<MessagingOptions> options,
    ILogger<CorrespondenceGrain> log)
    : Grain, ICorrespondenceGrain
{
    private const int NeighboursMax = 50;
    private const int PurgeRowsMax = 500;

    private readonly MessageShelf shelf = new(rows);
    private readonly SendSettings settings = options.Value.ToSendSettings();

    private CustomerId CustomerId => new(this.GetPrimaryKeyString());

    public async Task<ImmutableArray<MessageDecision>> Propose(MessageCandidate candidate)
    {
        string prefix = MessageId.Prefix(candidate.Key, candidate.OccurredAt);
        ImmutableArray<MessageRecord> earlier = await shelf.OfNews(this.GetGrainId(), prefix, CancellationToken.None);
        if (!earlier.IsEmpty)
        {
            return Decisions(earlier);
        }

        DateTimeOffset now = time.GetUtcNow();
        int? known = candidate.Progress is { } news ? book.State.RankOf(news) : null;
        ImmutableArray<MessageRecord> decided = MessageRules.Decide(candidate, known, now, settings.Quiet);
        CorrespondenceBook next = book.State.Learn(candidate.Progress, now);
        foreach (MessageRecord message in decided)
        {
            next = next.Put(message);
            next = message.IsOver ? next : next.Send(SendOrder.For(CustomerId, message));
        }

        await book.Commit(next, DeactivateOnIdle);
        foreach (MessageRecord message in decided)
        {
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

        DateTimeOffset now = time.GetUtcNow();
        int? known = message.Progress is { } news ? book.State.RankOf(news) : null;
        SendStep step = SendRules.Begin(message, command.Turn, command.Addressee, known, now, settings);
        await Commit(message, step.Message);
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

    public async Task<Done> Purge()
    {
        while (true)
        {
            ImmutableArray<string> ids = await shelf.Ids(this.GetGrainId(), PurgeRowsMax, CancellationToken.None);
            CorrespondenceBook next = new();
            foreach (string id in ids)
            {
                next = next.With(next.Effects.Put(RowChange.DeleteChild(MessageRecord.RowKind, id)));
            }

            if (ids.IsEmpty && book.State.Progress.IsEmpty)
            {
                return Done.Value;
            }

            await book.Commit(next, DeactivateOnIdle);
        }
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
        await book.Commit(next, DeactivateOnIdle);
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
