using Florist.Protos.Orders.V1;
using Grpc.Core;

namespace Florist.Server.Tour;

/// <summary>Watches an order in the background and prints each message of the watch.</summary>
internal sealed class OrderWatch
{
    private OrderWatch(Task<string> ended)
    {
        Ended = ended;
    }

    /// <summary>The change of the last message, once the watch has ended.</summary>
    public Task<string> Ended { get; }

    /// <summary>Begins to watch.</summary>
    public static OrderWatch Begin(
        TourClients clients, Metadata customer, string order, Timeline timeline, CancellationToken cancellationToken) =>
        new(Watch(clients, customer, order, timeline, cancellationToken));

    private static async Task<string> Watch(
        TourClients clients, Metadata customer, string order, Timeline timeline, CancellationToken cancellationToken)
    {
        using AsyncServerStreamingCall<WatchOrderResponse> call = clients.Orders.WatchOrder(
            new WatchOrderRequest { Name = order }, customer, cancellationToken: cancellationToken);
        string last = "";
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
            WatchOrderResponse view = call.ResponseStream.Current;
            last = view.Change.ToString();
            string delivery = view.Deliveries.Count == 0 ? "" : $", delivery {view.Deliveries[^1].State}";
            timeline.Say("watch", $"{view.Change} #{view.Revision}: order {view.Order.State}{delivery}");
        }

        return last;
    }
}
