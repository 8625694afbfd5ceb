using System.Runtime.CompilerServices;
using Florist.Protos.Orders.V1;
using Grpc.Core;
using Change = Florist.Protos.Orders.V1.WatchOrderResponse.Types.Change;

namespace Florist.Client.Example;

/// <summary>Watches an order over as many streams as it takes.</summary>
internal static class OrderWatch
{
    // The server gives a sign of life every 15 seconds; two and a half of them missing, and the line is dead.
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(37.5);
    private static readonly TimeSpan PauseAfterEndMax = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The present view at every change, until the order has ended. Each view is whole, so nothing that counts is lost
    /// between two streams; the resume token only spares a snapshot of what is known.
    /// </summary>
    public static async IAsyncEnumerable<WatchOrderResponse> Watch(
        OrderService.OrderServiceClient orders,
        string name,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        WatchOrderRequest request = new() { Name = name };
        for (int failures = 0; ;)
        {
            using CancellationTokenSource silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            using AsyncServerStreamingCall<WatchOrderResponse> call = orders.WatchOrder(
                request, cancellationToken: silence.Token);
            TimeSpan pause = Random.Shared.NextDouble() * PauseAfterEndMax;
            while (true)
            {
                silence.CancelAfter(SilenceMax);
                Refusal? broken = null;
                try
                {
                    if (!await call.ResponseStream.MoveNext(silence.Token))
                    {
                        // Ended with OK after a BOOKMARK: the server wants a new stream now and then.
                        break;
                    }
                }
                catch (RpcException thrown) when (!cancellation.IsCancellationRequested && MayPass(thrown, out broken))
                {
                    pause = Repeats.Pause(broken.RetryAfter, failures++);
                    break;
                }

                WatchOrderResponse view = call.ResponseStream.Current;
                failures = 0;
                request.ResumeToken = view.ResumeToken;
                if (view.Change != Change.Bookmark)
                {
                    yield return view;
                }

                if (view.Change == Change.Final)
                {
                    yield break;
                }
            }

            await Task.Delay(pause, cancellation);
        }
    }

    // A stream can break in more ways than a call that is answered at once.
    private static bool MayPass(RpcException thrown, out Refusal refusal)
    {
        refusal = Refusal.Of(thrown);
        return refusal.Passes
            || refusal.Code is StatusCode.Cancelled or StatusCode.Aborted or StatusCode.Internal or StatusCode.Unknown;
    }
}
