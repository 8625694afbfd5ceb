using Florist.Kernel;
using Orleans;

namespace Florist.Orders;

/// <summary>
/// An order as those see it who talk to the payment provider for it. Key: the order id. A call goes out only under a
/// permit, which is durable before it is given; so after a crash it is known that an answer may be missing.
/// </summary>
public interface IOrderPaymentsGrain : IGrainWithStringKey
{
    /// <summary>Asks whether a call may be made now. Safe to repeat.</summary>
    /// <returns>What may be done; NotFound for an order that was never placed.</returns>
    Task<Outcome<PaymentPermit>> BeginPayment(BeginPayment command);

    /// <summary>Tells what became of a call; comes from who made it and from webhooks. Safe to repeat.</summary>
    /// <returns>Done, also for what was known already; NotFound for an order that was never placed.</returns>
    Task<Outcome<Done>> EndPayment(EndPayment command);

    /// <summary>
    /// Tells what the budget gives for a broken promise. Safe to repeat: a promise is made good once.
    /// </summary>
    /// <returns>Done; NotFound for an order that was never placed or a promise that was never given.</returns>
    Task<Outcome<Done>> Compensate(CompensateOrder command);
}

/// <summary>Asks whether a call may be made.</summary>
/// <param name="Act">What is to be asked of the provider.</param>
/// <param name="Number">Of which charge, or which refund.</param>
public sealed record BeginPayment(PaymentAct Act, int Number);

/// <summary>What may be done.</summary>
/// <param name="Ask">True: look up first what became of an earlier attempt.</param>
/// <param name="Call">True: make the call, when there was no earlier attempt or it never arrived.</param>
public sealed record PaymentPermit(bool Ask, bool Call)
{
    /// <summary>Nothing is to be done any more.</summary>
    public static readonly PaymentPermit Over = new(Ask: false, Call: false);

    /// <summary>The first attempt.</summary>
    public static readonly PaymentPermit First = new(Ask: false, Call: true);

    /// <summary>Another attempt.</summary>
    public static readonly PaymentPermit Again = new(Ask: true, Call: true);

    /// <summary>Only find out: the call is not wanted any more, or waits for the payer.</summary>
    public static readonly PaymentPermit AskOnly = new(Ask: true, Call: false);
}

/// <summary>What the budget gives for a broken promise.</summary>
/// <param name="Promise">Which promise.</param>
/// <param name="Granted">How much; may be nothing.</param>
public sealed record CompensateOrder(int Promise, Money Granted);

/// <summary>What became of a call.</summary>
/// <param name="Act">What was asked of the provider.</param>
/// <param name="Number">Of which charge, or which refund.</param>
/// <param name="Outcome">What the provider says; never Unknown or NotFound.</param>
public sealed record EndPayment(PaymentAct Act, int Number, PaymentOutcome Outcome);
