using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Florist.Protos.Messaging.V1;
using Florist.Protos.Orders.V1;
using DeliveryState = Florist.Protos.Delivery.V1.Delivery.Types.State;

namespace Florist.Server.Tour;

/// <summary>A promise that is not kept: said before it is broken, and made good after.</summary>
internal sealed partial class DayAtTheShop
{
    private async Task BeLate(CancellationToken cancellationToken)
    {
        timeline.Begin("A promise that cannot be kept");
        Order order = await PlaceForTheMorning(cancellationToken);
        string delivery = $"{order.Name}/deliveries/d1";
        DateOnly day = new(order.DeliveryDate.Year, order.DeliveryDate.Month, order.DeliveryDate.Day);
        await AdvanceUntil(Zones.Instant(day, new TimeOnly(10, 30), order.TimeZone), cancellationToken);
        await clients.Orders.StartPreparingAsync(
            new StartPreparingRequest { Name = order.Name }, clients.Staff, cancellationToken: cancellationToken);
        Order ready = await clients.Orders.MarkReadyAsync(
            new MarkReadyRequest { Name = order.Name }, clients.Staff, cancellationToken: cancellationToken);
        timeline.Say("shop", $"binds the flowers: {ready.State}");
        await clients.Deliveries.AssignDeliveryAsync(
            new AssignDeliveryRequest { Name = delivery, Courier = $"couriers/{Courier}" },
            clients.Staff,
            cancellationToken: cancellationToken);

        using CourierLine line = await CourierLine.Open(clients, Courier, $"late-{run}", cancellationToken);
        await Report(line, "late-collected", delivery, DeliveryState.OutForDelivery, timeline.Now);
        UpdateResult? eta = await line.ReportEta(
            $"{run}-late-eta", delivery, timeline.Now, TimeSpan.FromMinutes(110), TimeSpan.FromMinutes(130));
        timeline.Say("courier", $"stands in a jam, 110 to 130 minutes to go: {Disposition(eta)}");
        Message apology = await ShowMessages(annaName, Message.Types.Kind.RunningLate, cancellationToken);
        DateTimeOffset due = Zones.Instant(day, new TimeOnly(12, 0), order.TimeZone);
        Expect(apology.SendTime.ToDateTimeOffset() < due, "an apology before the window ends");

        await AdvanceUntil(timeline.Now.AddMinutes(125), cancellationToken);
        await Report(line, "late-delivered", delivery, DeliveryState.Delivered, timeline.Now);
        await line.Close();
        await ShowMessages(annaName, Message.Types.Kind.PromiseBroken, cancellationToken);
        Order done = await clients.Orders.GetOrderAsync(
            new GetOrderRequest { Name = order.Name }, anna, cancellationToken: cancellationToken);
        Promise promise = done.Promises[0];
        Expect(promise.State == Promise.Types.State.MadeGood, $"a promise made good, not {promise.State}");
        timeline.Say(
            "shop",
            $"{done.State}, {done.PaymentState}: {Price(done.Payment.CapturedAmount)} taken, "
            + $"{Price(done.Payment.RefundedAmount)} given back");
    }

    private async Task<Order> PlaceForTheMorning(CancellationToken cancellationToken)
    {
        Order wanted = Wanted("dozen-red-roses", FirstOpenDay());
        wanted.DeliveryWindow = new() { StartTime = new() { Hours = 9 }, EndTime = new() { Hours = 12 } };
        Order order = await clients.Orders.CreateOrderAsync(
            new CreateOrderRequest { Order = wanted, PaymentToken = "tok_visa", RequestId = Uuid(3) },
            anna,
            cancellationToken: cancellationToken);
        timeline.Say("anna", $"orders {order.Name} for the morning: {order.State}");
        return order;
    }
}
