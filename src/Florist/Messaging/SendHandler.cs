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
internal sealed class SendHandler(
    ISendWay way,
    IMessageRenderer renderer,
    IGrainFactory grains,
    TimeProvider time,
    IOptions<MessagingOptions> options,
    ILogger<SendHandler> log) : IOutboxHandler
{
    public string Topic => way.Topic;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        SendOrder order = message.Read<SendOrder>();
        Outcome<CustomerView> customer = await grains.GetGrain<ICustomerGrain>(order.CustomerId.Value).Get();
        Addressee? addressee = customer.Failed(out _, out CustomerView? view) ? null : Addressee.Of(view);

        ICorrespondenceGrain correspondence = grains.GetGrain<ICorrespondenceGrain>(order.CustomerId.Value);
        SendPermit permit = await correspondence.BeginSend(new BeginSend(order.MessageId, order.Turn, addressee));
        if (permit.Verdict == SendVerdict.Over)
        {
            return OutboxResult.Done;
        }

        EndSend outcome = await Carry(order, permit, cancellationToken);
        await correspondence.EndSend(outcome with { Addressee = addressee });
        return OutboxResult.Done;
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

        using CancellationTokenSource deadline = new(options.Value.SendTimeout, TimeProvider.System);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        if (permit.Verdict == SendVerdict.Ask)
        {
            LookupHint hint = new(permit.AttemptedAt, permit.OtherProviderIds);
            return end with { Found = await ready.Ask(hint, either.Token) };
        }

        CrashPoint.Hit(CrashPoint.SendIntent);
        SendOutcome sent = await ready.Send(time.GetUtcNow(), either.Token);
        CrashPoint.Hit(CrashPoint.SendAnswered);
        if (sent.Problem == SendProblem.Configuration)
        {
            MessagingLog.ChannelMisconfigured(log, way.Channel, sent.Code, order.MessageId.Value);
        }

        return end with { Sent = sent, Subject = ready.Subject, TemplateVersion = renderer.Version };
    }
}
