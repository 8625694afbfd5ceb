using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Florist.Kernel;

/// <summary>
/// Hands the outbox's messages to their handlers. A row goes only after every handler of its topic has said that the
/// outcome is recorded; whatever happens before that, it is handed over again.
/// </summary>
internal sealed class OutboxPump : ILaneWork<OutboxRow>, IHostedService, IDisposable
{
    private readonly IOutboxTable table;
    private readonly FrozenDictionary<string, ImmutableArray<IOutboxHandler>> handlers;
    private readonly FrozenDictionary<string, IOutboxPace> paces;
    private readonly FrozenSet<string> events;
    private readonly TimeProvider time;
    private readonly EngineOptions options;
    private readonly Jitter jitter;
    private readonly ILogger log;
    private readonly Lanes<OutboxRow> lanes;

    public OutboxPump(
        IOutboxTable table,
        IEnumerable<IOutboxHandler> handlers,
        IEnumerable<EventTopic> events,
        TimeProvider time,
        IOptions<EngineOptions> options,
        Jitter jitter,
        ILogger<OutboxPump> log)
    {
        this.table = table;
        this.handlers = handlers
            .GroupBy(handler => handler.Topic, StringComparer.Ordinal)
            .ToFrozenDictionary(topic => topic.Key, topic => topic.ToImmutableArray(), StringComparer.Ordinal);
        paces = this.handlers
            .Select(topic => (topic.Key, Pace: topic.Value.Select(handler => handler.Pace).OfType<IOutboxPace>()))
            .Where(topic => topic.Pace.Any())
            .ToFrozenDictionary(topic => topic.Key, topic => topic.Pace.Single(), StringComparer.Ordinal);
        this.events = events.Select(topic => topic.Name).ToFrozenSet(StringComparer.Ordinal);
        this.time = time;
        this.options = options.Value;
        this.jitter = jitter;
        this.log = log;
        lanes = new Lanes<OutboxRow>(this, this.options, log);
    }

    public string Name => "outbox";

    /// <summary>Hands over the messages that may be handled now.</summary>
    public Task<int> RunDue(CancellationToken cancellationToken) => lanes.RunDue(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Background)
        {
            table.Inserted += lanes.Ring;
            lanes.Start();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        table.Inserted -= lanes.Ring;
        return lanes.Stop(cancellationToken);
    }

    public void Dispose() => lanes.Dispose();

    public Task<ImmutableArray<OutboxRow>> Due(int lane, int max, CancellationToken cancellationToken)
    {
        OutboxClass @class = (OutboxClass)lane;

        // An open pace answers with the present as it reads the clock, so that ours has to be read after it.
        bool IsClosed(IOutboxPace pace) => pace.OpensAt(@class) > time.GetUtcNow();
        FrozenSet<string> closed = paces.Any(pace => IsClosed(pace.Value))
            ? paces.Where(pace => IsClosed(pace.Value)).Select(pace => pace.Key).ToFrozenSet()
            : [];
        return table.Due(@class, time.GetUtcNow(), max, closed, cancellationToken);
    }

    public async Task<TimeSpan?> UntilNextDue(CancellationToken cancellationToken) =>
        await NextDue(cancellationToken) - time.GetUtcNow();

    /// <summary>When the next message may be handed over, as its table and its pace say; null for never.</summary>
    public async Task<DateTimeOffset?> NextDue(CancellationToken cancellationToken)
    {
        ImmutableArray<OutboxHead> heads = await table.Heads(cancellationToken);
        return heads.IsEmpty ? null : heads.Min(head =>
        {
            DateTimeOffset open = paces.TryGetValue(head.Topic, out IOutboxPace? pace)
                ? pace.OpensAt(head.Class)
                : head.NotBefore;
            return open > head.NotBefore ? open : head.NotBefore;
        });
    }

    public string KeyOf(OutboxRow row) => row.Message.Key;

    public bool Admits(int lane, OutboxRow row) =>
        !paces.TryGetValue(row.Message.Topic, out IOutboxPace? pace)
        || IsExpired(row.Message)
        || pace.TryTake((OutboxClass)lane);

    public async Task Carry(OutboxRow row, CancellationToken cancellationToken)
    {
        if (options.Shared)
        {
            DateTimeOffset until = time.GetUtcNow().AddMilliseconds(options.ClaimMs);
            if (!await table.Claim(row, until))
            {
                return;
            }
        }

        if (!handlers.TryGetValue(row.Message.Topic, out ImmutableArray<IOutboxHandler> all)
            && !events.Contains(row.Message.Topic))
        {
            await Park(row, row.Attempts, "nothing handles this topic", null);
            return;
        }

        OutboxResult result;
        try
        {
            all = all.IsDefault ? [] : all;
            using CancellationTokenSource deadline = new(
                TimeSpan.FromMilliseconds(options.HandleMsMax), TimeProvider.System);
            using CancellationTokenSource either =
                CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            CrashPoint.Hit(CrashPoint.OutboxClaimed);
            result = await HandOver(row.Message, all, either.Token);
            CrashPoint.Hit(CrashPoint.OutboxHandled);
        }
        catch (Exception error) when (error is not OperationCanceledException
            || !cancellationToken.IsCancellationRequested)
        {
            await Failed(row, error);
            return;
        }

        if (result.IsDone)
        {
            await table.Delete(row.Message.Key);
            EngineMeter.Message(row.Message.Topic, "done");
            return;
        }

        await Later(row, result);
    }

    private bool IsExpired(OutboxMessage message) => message.ExpiresAt <= time.GetUtcNow();

    private async Task<OutboxResult> HandOver(
        OutboxMessage message, ImmutableArray<IOutboxHandler> all, CancellationToken cancellationToken)
    {
        if (message.ExpiresAt is { } expiresAt && IsExpired(message))
        {
            EngineLog.MessageExpired(log, message.Key, message.Topic, expiresAt);
            EngineMeter.Message(message.Topic, "expired");
            foreach (IOutboxHandler handler in all)
            {
                await handler.Expired(message, cancellationToken);
            }

            return OutboxResult.Done;
        }

        OutboxResult whole = OutboxResult.Done;
        foreach (IOutboxHandler handler in all)
        {
            OutboxResult one = await handler.Handle(message, cancellationToken);
            whole = whole.IsDone || (!one.IsDone && one.RetryAfter > whole.RetryAfter) ? one : whole;
        }

        return whole;
    }

    /// <summary>
    /// "Not yet" is an answer, not a fault: it never parks a message, and one that names its own wait does not count as
    /// an attempt.
    /// </summary>
    private async Task Later(OutboxRow row, OutboxResult result)
    {
        int attempts = result.RetryAfter is null ? row.Attempts + 1 : row.Attempts;
        TimeSpan shortest = TimeSpan.FromMilliseconds(options.PollMsMin);
        TimeSpan wait = result.RetryAfter ?? BackOff.After(attempts, options, jitter.Next());
        wait = wait < shortest ? shortest : wait;
        string reason = result.Reason ?? "not yet";
        DateTimeOffset notBefore = time.GetUtcNow() + wait;
        await table.PutOff(row.Message.Key, attempts, notBefore, reason);
        EngineLog.MessagePutOff(log, row.Message.Key, row.Message.Topic, attempts, reason, notBefore);
        EngineMeter.Message(row.Message.Topic, "later");
    }

    private async Task Failed(OutboxRow row, Exception error)
    {
        int attempts = row.Attempts + 1;
        string reason = error.GetType().Name;
        if (attempts >= options.AttemptsMax)
        {
            await Park(row, attempts, reason, error);
            return;
        }

        DateTimeOffset notBefore = time.GetUtcNow() + BackOff.After(attempts, options, jitter.Next());
        await table.PutOff(row.Message.Key, attempts, notBefore, reason);
        EngineLog.MessageFailed(log, row.Message.Key, row.Message.Topic, attempts, notBefore, error);
        EngineMeter.Message(row.Message.Topic, "failed");
    }

    private async Task Park(OutboxRow row, int attempts, string reason, Exception? error)
    {
        await table.Park(row.Message.Key, attempts, reason, time.GetUtcNow());
        EngineLog.MessageParked(log, row.Message.Key, row.Message.Topic, attempts, reason, error);
        EngineMeter.Message(row.Message.Topic, "parked");
    }
}
