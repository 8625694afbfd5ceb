using System.Globalization;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Protos.Orders.V1;
using Grpc.Core;
using Change = Florist.Protos.Orders.V1.WatchOrderResponse.Types.Change;

namespace Florist.Orders;

/// <summary>Watching an order: level-triggered, so that a lost or skipped message does no harm.</summary>
internal sealed partial class OrdersService
{
    private const string WatchPurpose = "watch";
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(15);

    public override async Task WatchOrder(
        WatchOrderRequest request, IServerStreamWriter<WatchOrderResponse> responseStream, ServerCallContext context)
    {
        OrderRecord order = await Reached(request.Name, context);
        Change first = FirstChange(request.ResumeToken, order, out long seen);
        IAsyncEnumerator<OrderRecord> versions =
            Grain(order.Id).Watch(-1, context.CancellationToken).GetAsyncEnumerator(context.CancellationToken);
        await using (versions)
        {
            Task<bool> next = versions.MoveNextAsync().AsTask();
            while (true)
            {
                bool arrived = await Arrives(next, context.CancellationToken);
                if (arrived)
                {
                    if (!await next)
                    {
                        return;
                    }

                    order = versions.Current;
                    next = versions.MoveNextAsync().AsTask();
                }

                Change change = ChangeOf(order, arrived ? first : Change.Bookmark, seen);
                await responseStream.WriteAsync(View(order, change), context.CancellationToken);
                seen = order.Revision;
                first = Change.Update;
            }
        }
    }

    private static Change ChangeOf(OrderRecord order, Change wanted, long seen) => order.HasEnded
        ? Change.Final
        : wanted == Change.Update && order.Revision == seen ? Change.Bookmark : wanted;

    // False after a while without news: time for a sign of life.
    private static async Task<bool> Arrives(Task next, CancellationToken cancellationToken)
    {
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task first = await Task.WhenAny(next, Task.Delay(SignOfLife, waiting.Token));
        await waiting.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == next;
    }

    private Change FirstChange(string token, OrderRecord order, out long seen)
    {
        seen = -1;
        if (token.Length == 0)
        {
            return Change.Snapshot;
        }

        if (!seal.TryOpen(WatchPurpose, token, out string? text) || text.Split(' ') is not [string id, string number])
        {
            return Change.Reset;
        }

        if (id != order.Id.Value)
        {
            throw Fault.Invalid("resume_token", "TOKEN_OF_ANOTHER_ORDER", "was made for another order").ToException();
        }

        seen = long.Parse(number, CultureInfo.InvariantCulture);
        return seen > order.Revision ? Change.Reset : Change.Update;
    }

    private WatchOrderResponse View(OrderRecord order, Change change)
    {
        WatchOrderResponse response = new()
        {
            Change = change,
            Order = order.ToProto(),
            Revision = order.Revision,
            ResumeToken = seal.Seal(WatchPurpose, string.Create(
                CultureInfo.InvariantCulture, $"{order.Id} {order.Revision}")),
        };
        response.Deliveries.AddRange(order.Deliveries.Deliveries.Select(
            delivery => delivery.ToProto(order.Id.Value)));
        return response;
    }
}
