using Florist.Customers;
using Florist.Kernel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace Florist.Messaging;

/// <summary>
/// Carries out orders to send: leave from the correspondence, one attempt or one question, the outcome back to the
/// correspondence. Between any two of these steps the process may die: the order comes again, and the correspondence
/// knows from the intent that the provider has to be asked first.
/// </summary>
internal sealed class SendHandler : IOutboxHandler
{
    /// <summary>Why an order waits while sends are paused; by it they are found when the pause ends.</summary>
    public const string PausedReason = "SENDS_PAUSED";

    private const int LooksMax = 3;

    // A pause that ends while an order is put off may miss it: it looks by itself so often.
    private static readonly TimeSpan PausedLook = TimeSpan.FromMinutes(5);

    private readonly ISendWay way;
    private readonly IMessageRenderer renderer;
    private readonly IGrainFactory grains;
    private readonly TimeProvider time;
    private readonly TimeSpan timeout;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly SendPace pace;

    public SendHandler(
        ISendWay way,
        IMessageRenderer renderer,
        IGrainFactory grains,
        TimeProvider time,
        IOptions<MessagingOptions> options,
        ILogger<SendHandler> log)
    {
        this.way = way;
        this.renderer = renderer;
        this.grains = grains;
        this.time = time;
        this.log = log;
        timeout = options.Value.SendTimeout;
        clock = options.Value.Clock;
        pace = new SendPace(way.PerSecondMax(options.Value), time);
    }

    public string Topic => way.Topic;

    public IOutboxPace Pace => pace;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        (OutboxResult result, bool isUsed) = await Run(message, cancellationToken);
        if (!isUsed)
        {
            pace.GiveBack();
        }

        return result;
    }

    /// <summary>The correspondence finds out itself that it is too late, and records it.</summary>
    public async Task Expired(OutboxMessage message, CancellationToken cancellationToken)
    {
        if (!(await Run(message, cancellationToken)).Result.IsDone)
        {
            throw new InvalidOperationException("the expiry could not be recorded yet");
        }
    }

    public async Task Dropped(OutboxMessage message, CancellationToken cancellationToken)
    {
        SendOrder order = message.Read<SendOrder>();
        await grains.GetGrain<ICorrespondenceGrain>(order.CustomerId.Value).Drop(order.MessageId, order.Turn);
    }

    /// <returns>What became of the order, and whether the provider was called for it.</returns>
    private async Task<(OutboxResult Result, bool IsUsed)> Run(
        OutboxMessage message, CancellationToken cancellationToken)
    {
        SendOrder order = message.Read<SendOrder>();
        SendAttempt attempt = new(message.Key, way.Channel, order.Kind);

        // What is useless by now is not handed over any more: its end is recorded, paused or not.
        bool isUseless = message.ExpiresAt <= time.GetUtcNow();
        for (int looks = 0; looks < LooksMax; looks++)
        {
            if (await Try(order, isUseless ? null : attempt, cancellationToken) is not { } verdict)
            {
                return (OutboxResult.Retry(PausedReason, PausedFor(message)), false);
            }

            if (verdict != SendVerdict.LookAgain)
            {
                return (OutboxResult.Done, verdict != SendVerdict.Over);
            }
        }

        return (OutboxResult.Retry("the customer withdraws faster than we look"), false);
    }

    private TimeSpan PausedFor(OutboxMessage message)
    {
        TimeSpan? left = message.ExpiresAt - time.GetUtcNow();
        return left < PausedLook ? left.Value : PausedLook;
    }

    /// <returns>What the correspondence said; null while sends of this sort are paused.</returns>
    private async Task<SendVerdict?> Try(SendOrder order, SendAttempt? attempt, CancellationToken cancellationToken)
    {
        Outcome<CustomerView> customer = await grains.GetGrain<ICustomerGrain>(order.CustomerId.Value).Get();
        Addressee? addressee = customer.Failed(out _, out CustomerView? view) ? null : Addressee.Of(view);

        // From before the leave is asked for: a withdrawal that comes after it waits no longer than this.
        using CancellationTokenSource deadline = new(timeout, clock);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        if (attempt is null)
        {
            return await Attempt(order, addressee, either.Token);
        }

        ISendPausesGrain pauses = grains.GetGrain<ISendPausesGrain>(ISendPausesGrain.Key);
        if (!await pauses.Enter(attempt))
        {
            return null;
        }

        try
        {
            return await Attempt(order, addressee, either.Token);
        }
        finally
        {
            await pauses.Leave(attempt.Key);
        }
    }

    private async Task<SendVerdict> Attempt(SendOrder order, Addressee? addressee, CancellationToken cancellationToken)
    {
        ICorrespondenceGrain correspondence = grains.GetGrain<ICorrespondenceGrain>(order.CustomerId.Value);
        SendPermit permit = await correspondence.BeginSend(new BeginSend(order.MessageId, order.Turn, addressee));
        if (permit.Verdict is SendVerdict.Send or SendVerdict.Ask)
        {
            EndSend outcome = await Carry(order, permit, cancellationToken);
            await correspondence.EndSend(outcome with { Addressee = addressee });
        }

        return permit.Verdict;
    }

    private async Task<EndSend> Carry(SendOrder order, SendPermit permit, CancellationToken cancellationToken)
    {
        EndSend end = new() { MessageId = order.MessageId, Turn = order.Turn };
        IReadyMessage ready;
        try
        {
            ready = way.Render(permit);
        }
        catch (MessageRenderException wrong)
        {
            // Nothing has left. The same model and template would fail again, so the message ends here, for all to see.
            MessagingLog.NotRendered(log, order.MessageId.Value, wrong);
            return end with
            {
                Sent = SendOutcome.Rejected(SendProblem.ContentRefused, "RENDER_FAILED", "the template is wrong"),
                TemplateVersion = renderer.Version,
            };
        }

        if (permit.Verdict == SendVerdict.Ask)
        {
            LookupHint hint = new(permit.AttemptedAt, permit.OtherProviderIds);
            return end with { Found = await ready.Ask(hint, cancellationToken) };
        }

        CrashPoint.Hit(CrashPoint.SendIntent);
        SendOutcome sent = await ready.Send(time.GetUtcNow(), cancellationToken);
        CrashPoint.Hit(CrashPoint.SendAnswered);
        if (sent.Problem == SendProblem.Throttled)
        {
            pace.Throttled(sent.RetryAfter);
        }

        if (sent.Problem == SendProblem.Configuration)
        {
            MessagingLog.ChannelMisconfigured(log, way.Channel, sent.Code, order.MessageId.Value);
        }

        return end with { Sent = sent, Subject = ready.Subject, TemplateVersion = renderer.Version };
    }
}
