using System.Globalization;
using Florist.Benchmarks.Engine;
using Florist.Customers;
using Florist.Kernel;
using Florist.Orders;
using Florist.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;

namespace Florist.Benchmarks.Orders;

/// <summary>What it costs to take an order durably, beside one raw commit an order.</summary>
internal static class OrdersBenchmarks
{
    private const int Callers = 64;

    public static async Task Run()
    {
        string folder = Directory.CreateTempSubdirectory("florist-bench-").FullName;

        // Only the taking is measured: what follows from an order waits in the outbox.
        Environment.SetEnvironmentVariable("Engine__Background", "false");
        Environment.SetEnvironmentVariable("Stock__SlotCapacity", "100000");
        try
        {
            using IHost host = Serving.BuildWithoutEdge(folder);
            await host.StartAsync();
            using RawCommits raw = new(Path.Combine(folder, "raw.db"));
            IGrainFactory grains = host.Services.GetRequiredService<IGrainFactory>();
            int placed = 0;
            (double orders, double commits) = await Measure.Both(
                () => Measure.Rate(Callers, _ => Place(grains, Numbered(Interlocked.Increment(ref placed)))),
                () => raw.Rested(() => Measure.Rate(1, _ => Task.FromResult(raw.Commit()))));
            Figure.Rate("orders.placed_per_second_64_callers", orders, commits, goal: 1);
            await host.StopAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Takes an order that nothing speaks against.</summary>
    public static async Task Place(IGrainFactory grains, OrderId id)
    {
        DateOnly day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(3);
        OrderDraft draft = new()
        {
            Lines = [new(new("dozen-red-roses"), 1)],
            DeliveryOn = day.DayOfWeek == DayOfWeek.Sunday ? day.AddDays(1) : day,
            Currency = "GBP",
        };
        OrderContext parties = new()
        {
            CustomerId = new CustomerId("bench"),
            LanguageCode = "en-GB",
            Contact = new DeliveryContact
            {
                GivenName = "Rose",
                Address = new PostalAddress { RegionCode = "GB", Locality = "Bristol", Lines = ["1 Quay Street"] },
            },
        };
        PlaceOrder command = new(null, id, draft, parties, null, "tok_visa");
        (await grains.GetGrain<IOrderGrain>(id.Value).Place(command)).OrThrow();
    }

    private static OrderId Numbered(int number) => new(string.Create(CultureInfo.InvariantCulture, $"bench-{number}"));
}
