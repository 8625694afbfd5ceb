using System.Globalization;
using Florist.Benchmarks.Orders;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Orders;
using Florist.Protos.Delivery.V1;
using Florist.Server;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using State = Florist.Protos.Delivery.V1.Delivery.Types.State;

namespace Florist.Benchmarks.Edge;

/// <summary>
/// A courier that reports on its deliveries over the streams of one connection, every update stored before it is
/// acknowledged. Two baselines: what the storage writes of states of the same size and nothing else, and what it writes
/// of the very commits that the updates make, which bring rows and messages along.
/// </summary>
internal static class CourierUpdates
{
    private const int Streams = 4;
    private const int DeliveriesEach = 2_500;

    // Until then the code is still being compiled.
    private const int WarmUpsEach = 1_500;

    private static readonly CourierId Courier = new("swift");
    private static readonly State[] Steps = [State.OutForDelivery, State.Arrived, State.Delivered];

    public static async Task Run()
    {
        string folder = Directory.CreateTempSubdirectory("florist-bench-").FullName;
        try
        {
            // Only the updates are measured: what follows from them waits in the outbox.
            await using WebApplication app = EdgeServer.Build(
                folder,
                "--Engine:Background=false",
                "--Delivery:UpdatesPerSecondMax=10000",
                "--Delivery:StreamWindow=1024",
                "--Delivery:HeartbeatSeconds=300",
                "--RateLimits:Courier:Streams=100",
                "--Stock:SlotCapacity=100000");
            await app.StartAsync();
            await Measure(app);
            await app.StopAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Measure(WebApplication app)
    {
        string[][] warmUps = await Prepare(app, "warm", WarmUpsEach);
        string[][] orders = await Prepare(app, "bench", DeliveriesEach);
        CourierCommits plainWarmUps = await CourierCommits.Of(app, Courier, orders[0][0], Streams * WarmUpsEach);
        CourierCommits plain = await CourierCommits.Of(app, Courier, orders[0][0], Streams * DeliveriesEach);
        using GrpcChannel channel = GrpcChannel.ForAddress(Serving.Addresses(app).Http2);
        CourierService.CourierServiceClient client = new(channel);
        CourierStream[] streams = await Task.WhenAll(Enumerable.Range(0, Streams).Select(number => CourierStream.Open(
            client, EdgeServer.As(app, $"courier:{Courier}"), Courier, $"depot-{number}")));
        foreach (State step in Steps)
        {
            await plainWarmUps.Write(step);
            await Report(streams, warmUps, step);
        }

        List<(Pace Updates, Pace States, Pace Commits)> rounds = [];
        foreach (State step in Steps)
        {
            (Pace states, Pace commits) = await plain.Write(step);
            rounds.Add((await Report(streams, orders, step), states, commits));
        }

        await Task.WhenAll(streams.Select(stream => stream.Close()));
        await Prove(app, orders);
        Print("edge.courier_updates", rounds.Select(round => (round.Updates, round.States)));
        Print("edge.courier_updates_beside_the_same_commits", rounds.Select(round => (round.Updates, round.Commits)));
    }

    private static void Print(string name, IEnumerable<(Pace Updates, Pace Baseline)> rounds)
    {
        (Pace updates, Pace baseline) =
            rounds.OrderBy(round => round.Updates.PerSecond / round.Baseline.PerSecond).ElementAt(Steps.Length / 2);
        Figure.Rate($"{name}_per_second", updates.PerSecond, baseline.PerSecond, goal: 0.5);
        Figure.Cost($"{name}_cpu_us", updates.CpuMicroseconds, baseline.CpuMicroseconds);
    }

    // Orders in the hands of the courier, by the stream that will report on them.
    private static async Task<string[][]> Prepare(WebApplication app, string prefix, int each)
    {
        IGrainFactory grains = app.Services.GetRequiredService<IGrainFactory>();
        string[][] orders =
        [
            .. Enumerable.Range(0, Streams).Select(stream => Enumerable.Range(0, each)
                .Select(number => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{stream}-{number}"))
                .ToArray()),
        ];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = 256 };
        await Parallel.ForEachAsync(orders.SelectMany(some => some), parallel, async (order, _) =>
        {
            await OrdersBenchmarks.Place(grains, new OrderId(order));
            (await grains.GetGrain<IOrderGrain>(order).Settle(new PaymentSettled(true, order))).OrThrow();
            (await grains.GetGrain<IDeliveryGrain>(order).Assign(new AssignDelivery(
                null, OrderHistory.FirstDelivery, new DeliveryActor(DeliveryRole.Dispatcher, "staff"), Courier, null)))
                .OrThrow();
        });
        return orders;
    }

    // From the first one sent to the last one acknowledged.
    private static Task<Pace> Report(CourierStream[] streams, string[][] orders, State step) => Pace.Of(
        orders.Sum(some => some.Length),
        () => Task.WhenAll(streams.Zip(orders, (stream, some) => stream.Report(some, step))));

    private static async Task Prove(WebApplication app, string[][] orders)
    {
        IGrainFactory grains = app.Services.GetRequiredService<IGrainFactory>();
        foreach (string order in orders.SelectMany(some => some))
        {
            DeliveryRecord delivery = (await grains.GetGrain<IDeliveryGrain>(order).Deliveries()).OrThrow()[0];
            if (delivery.State != DeliveryState.Delivered)
            {
                throw new InvalidOperationException($"{order} was acknowledged as delivered and is {delivery.State}");
            }
        }
    }
}
