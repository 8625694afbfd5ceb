using Florist.Customers;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>What an order takes of its day.</summary>
internal sealed partial class OrderGrain
{
    // Priced by the day as it stands, then held: when this returns a value, the place is the order's for some minutes.
    private async Task<Outcome<OrderPlaced>> Held(PlaceOrder command, DateTimeOffset now)
    {
        if ((await holds.DayOf(command.Draft, command.Context, now)).Failed(out Fault? far, out OrderDay? day))
        {
            return far;
        }

        CustomerId customer = command.Context.CustomerId;
        if ((await holds.VoucherOf(command.Draft, customer, command.OrderId))
            .Failed(out Fault? worthless, out OrderVoucher? voucher))
        {
            return worthless;
        }

        return OrderRules.Place(command, day, catalogue, options.Value, now, voucher.Terms)
            .Failed(out Fault? fault, out OrderPlaced? placed)
                ? fault
                : await holds.Hold(placed);
    }

    // A payment confirms the order only when its place is promised. A hold may have run out while the payment took its
    // time; then the place is taken anew, or the order ends and the payment is given back.
    private async Task<OrderChange> Promised(OrderPaid paid)
    {
        Outcome<Done> promised = await holds.Commit(stored.State);
        if (promised.Fault is not { } gone)
        {
            return paid;
        }

        OrdersLog.SoldOut(log, stored.State.Id, gone.Reason);
        return new OrderSoldOut(paid.Outcome);
    }
}
