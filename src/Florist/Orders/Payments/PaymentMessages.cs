using Florist.Kernel;
using Proto = Florist.Protos.Orders.V1;

namespace Florist.Orders;

/// <summary>The money of an order to messages.</summary>
internal static class PaymentMessages
{
    public static Proto.PaymentSummary ToProto(OrderRecord order)
    {
        PaymentBook book = order.Payment;
        Money zero = Money.Zero(order.Terms.Total.Currency);
        Charge[] taken = [.. book.Charges.Where(charge => charge.State == ChargeState.Captured)];
        Proto.PaymentSummary summary = new()
        {
            AuthorizedAmount = book.Charges
                .Where(charge => charge.State is ChargeState.Authorized or ChargeState.Capturing)
                .Aggregate(zero, (sum, charge) => sum + book.ToTakeOf(charge)).ToProto(),
            CapturedAmount = taken.Aggregate(zero, (sum, charge) => sum + book.ToTakeOf(charge)).ToProto(),
            RefundedAmount = book.Refunds
                .Where(refund => refund.State is RefundState.Waiting or RefundState.Pending or RefundState.Done)
                .Aggregate(zero, (sum, refund) => sum + refund.Amount).ToProto(),
            ActionUri = book.Charges
                .FirstOrDefault(charge => charge.State == ChargeState.ActionRequired)?.ActionUri ?? "",
        };
        summary.Refunds.AddRange(book.Refunds.Select(refund => new Proto.Refund
        {
            Amount = refund.Amount.ToProto(),
            Cause = (Proto.Refund.Types.Cause)((int)refund.Cause + 1),
            State = (Proto.Refund.Types.State)((int)refund.State + 1),
            CreateTime = refund.DecidedAt.ToProto(),
            Reason = refund.Note ?? "",
        }));
        return summary;
    }
}
