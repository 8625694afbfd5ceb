using System.Collections.Immutable;
using Florist.Kernel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace Florist.Messaging;

/// <summary>
/// Lets attempts in and remembers, in memory, which are under way. An attempt that never tells its end has ended by the
/// send deadline, so it is forgotten then.
/// </summary>
[GrainType("send-pauses")]
internal sealed class SendPausesGrain(
    [PersistentState("pauses")] IPersistentState<SendPauseBook> book,
    IGrainRows rows,
    IOutboxTable outbox,
    IIds ids,
    TimeProvider time,
    IOptions<MessagingOptions> options,
    ILogger<SendPausesGrain> log) : Grain, ISendPausesGrain
{
    private static readonly TimeSpan AwaitMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<string, (SendAttempt Attempt, long Began)> underWay = new(StringComparer.Ordinal);

    private TimeProvider Clock => options.Value.Clock;

    public override async Task OnActivateAsync(CancellationToken cancellationToken) => book.State =
        book.State with { Answered = await Answered.Read(rows, this.GetGrainId(), cancellationToken) };

    public Task<bool> Enter(SendAttempt attempt)
    {
        if (book.State.Holds(attempt))
        {
            return Task.FromResult(false);
        }

        underWay[attempt.Key] = (attempt, Clock.GetTimestamp());
        return Task.FromResult(true);
    }

    public Task Leave(string key)
    {
        underWay.Remove(key);
        return Task.CompletedTask;
    }

    public async Task<Outcome<SendPause>> Pause(PauseSends command)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (book.State.Answered.Replays(command.Order.RequestId, command, now, out Outcome<SendPause> earlier))
        {
            return earlier;
        }

        if (book.State.Pauses.TryGetValue(command.Scope.Id, out SendPause? standing))
        {
            return standing;
        }

        SendPauseBook next = book.State.Add(command, now);
        SendPause pause = next.Pauses[command.Scope.Id];
        await Commit(next, command.Order, command, "PAUSE_SENDS", pause, now);
        MessagingLog.SendsPaused(log, pause.Name, pause.Actor);
        return pause;
    }

    public async Task<Outcome<SendPause>> Resume(ResumeSends command)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (book.State.Answered.Replays(command.Order.RequestId, command, now, out Outcome<SendPause> earlier))
        {
            return earlier;
        }

        if (book.State.Ended(command).Failed(out Fault? fault, out SendPause? pause))
        {
            return fault;
        }

        SendPauseBook next = book.State with { Pauses = book.State.Pauses.Remove(command.Id) };
        await Commit(next, command.Order, command, "RESUME_SENDS", pause, now);
        foreach (string topic in MessagingTopics.Sends)
        {
            // What another pause still concerns is put off again; a row put off this very moment looks by itself soon.
            await outbox.Release(topic, SendHandler.PausedReason, now);
        }

        MessagingLog.SendsResumed(log, pause.Name, command.Order.Actor);
        return pause;
    }

    public Task<ImmutableArray<SendPause>> List() =>
        Task.FromResult<ImmutableArray<SendPause>>([.. book.State.Pauses.Values]);

    public async Task<int> AwaitAttempts(SendScope scope)
    {
        long began = Clock.GetTimestamp();
        while (UnderWay(scope) > 0 && Clock.GetElapsedTime(began) < AwaitMax)
        {
            await Task.Delay(BetweenLooks, Clock);
        }

        return UnderWay(scope);
    }

    private int UnderWay(SendScope scope)
    {
        foreach (string key in underWay.Where(one => Clock.GetElapsedTime(one.Value.Began) > options.Value.SendTimeout)
            .Select(one => one.Key).ToList())
        {
            underWay.Remove(key);
        }

        return underWay.Values.Count(one => scope.Concerns(one.Attempt));
    }

    private Task Commit<TCommand>(
        SendPauseBook next, OperatorOrder order, TCommand command, string verb, SendPause pause, DateTimeOffset now)
    {
        OperatorAction action = new()
        {
            Id = ids.Next(),
            At = now,
            Actor = order.Actor,
            Verb = verb,
            Subject = pause.Name,
            Reason = order.Reason,
            Completed = true,
            ItemCount = 1,
        };
        Effects effects = next.Effects.Put(action.ToRow());
        Answered answered = next.Answered.Remember(order.RequestId, command, pause, now, ref effects);
        return book.Commit(next with { Effects = effects, Answered = answered }, DeactivateOnIdle);
    }
}
