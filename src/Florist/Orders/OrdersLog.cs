using Florist.Kernel;
using Microsoft.Extensions.Logging;

namespace Florist.Orders;

/// <summary>Log messages of orders, ids 1200 to 1299.</summary>
internal static partial class OrdersLog
{
    [LoggerMessage(1200, LogLevel.Information, "Order {OrderId} placed")]
    public static partial void Placed(ILogger log, OrderId orderId);

    [LoggerMessage(1202, LogLevel.Information, "Order {OrderId} cancelled")]
    public static partial void Cancelled(ILogger log, OrderId orderId);

    [LoggerMessage(1203, LogLevel.Warning, "Payment of order {OrderId} is not settled yet: {Reason}")]
    public static partial void PaymentPending(ILogger log, OrderId orderId, string reason);

    [LoggerMessage(1204, LogLevel.Information, "{Command} was carried out for order {OrderId}: it is {State}")]
    public static partial void Changed(ILogger log, OrderId orderId, string command, OrderState state);

    [LoggerMessage(1250, LogLevel.Warning, "Order {OrderId} was paid for when its place was gone: {Reason}")]
    public static partial void SoldOut(ILogger log, OrderId orderId, string reason);

    [LoggerMessage(1251, LogLevel.Error, "Order {OrderId} is promised and has no place on {Day}: {Reason}")]
    public static partial void WithoutPlace(ILogger log, OrderId orderId, string day, string reason);

    [LoggerMessage(1252, LogLevel.Information, "{Day} compared: {Orders} orders, {Leaks} leaks, {Missing} missing")]
    public static partial void Compared(ILogger log, string day, int orders, int leaks, int missing);

    [LoggerMessage(1205, LogLevel.Information,
        "{Act} {Number} of order {OrderId} came to {Outcome}: its payment is {PaymentState}")]
    public static partial void PaymentEnded(
        ILogger log,
        OrderId orderId,
        PaymentAct act,
        int number,
        PaymentKind outcome,
        PaymentState paymentState);

    [LoggerMessage(1206, LogLevel.Information, "{Change} was due for order {OrderId}: it is {State}")]
    public static partial void Woken(ILogger log, OrderId orderId, string change, OrderState state);

    [LoggerMessage(1208, LogLevel.Information, "Promise {Promise} of order {OrderId} is made good with {Granted}")]
    public static partial void Compensated(ILogger log, OrderId orderId, int promise, Money granted);

    [LoggerMessage(1207, LogLevel.Warning, "A payment webhook was refused: {Reason}")]
    public static partial void WebhookRefused(ILogger log, string reason);
}
