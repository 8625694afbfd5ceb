using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Florist.Customers;
using Florist.Kernel;
using Florist.Orders;
using Florist.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;

namespace Florist.Benchmarks.Orders;

/// <summary>
/// Valentine's morning: everybody orders for the same day, of the same few bouquets and slots, beside as many orders that
/// are spread over 250 days of eight slots.
/// </summary>
internal static class ValentinesMorning
{
    private const int Callers = 256;
    private const int Slots = 8;
    private const int SpreadDays = 250;
    private const int Rounds = 5;
    private const int OrdersOfRound = 10_000;

    private static readonly ImmutableArray<string> Bouquets =
    [
        "dozen-red-roses", "two-dozen-red-roses", "single-rose", "roses-and-truffles", "sunshine-gerberas",
        "womens-day-purple", "mums-favourite", "pink-orientals", "lily-and-rose", "blue-iris", "fathers-day-protea",
        "dads-desk-orchid", "white-orchid-stems", "welcome-little-one", "baby-pastels", "get-well-yellow",
        "quiet-recovery", "thank-you-gerbera", "bravo", "new-home-rosemary",
    ];

    /// <summary>Fifty thousand on the one day and as many on the others, in turn.</summary>
    public static async Task Run()
    {
        string folder = Directory.CreateTempSubdirectory("florist-bench-").FullName;
        Environment.SetEnvironmentVariable("Engine__Background", "false");
        Environment.SetEnvironmentVariable("Stock__SlotCapacity", "100000");
        Environment.SetEnvironmentVariable("Orders__HorizonDays", "366");
        for (int slot = 0; slot < Slots; slot++)
        {
            Environment.SetEnvironmentVariable($"Stock__Slots__{slot}__Id", $"slot-{slot}");
            Environment.SetEnvironmentVariable($"Stock__Slots__{slot}__Start", $"{9 + slot:00}:00");
            Environment.SetEnvironmentVariable($"Stock__Slots__{slot}__End", $"{10 + slot:00}:00");
            Environment.SetEnvironmentVariable($"Stock__Slots__{slot}__Capacity", "100000");
        }

        try
        {
            using IHost host = Serving.BuildWithoutEdge(folder);
            await host.StartAsync();
            IGrainFactory grains = host.Services.GetRequiredService<IGrainFactory>();
            int number = 0;
            await Rate(grains, OrdersOfRound / 4, () => Interlocked.Increment(ref number), spread: true);
            List<(double Hot, double Spread)> rounds = [];
            for (int round = 0; round < Rounds; round++)
            {
                double spread = await Rate(grains, OrdersOfRound, () => Interlocked.Increment(ref number), spread: true);
                rounds.Add((await Rate(grains, OrdersOfRound, () => Interlocked.Increment(ref number), spread: false), spread));
            }

            (double hot, double wide) = rounds.OrderBy(one => one.Hot / one.Spread).ElementAt(rounds.Count / 2);
            Figure.Rate("orders.valentines_morning_one_day", hot, wide, goal: 0.5);
            await host.StopAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> Rate(IGrainFactory grains, int orders, Func<int> next, bool spread)
    {
        long started = Stopwatch.GetTimestamp();
        int left = orders;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await Place(grains, next(), spread);
            }
        })));
        return orders / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task Place(IGrainFactory grains, int number, bool spread)
    {
        OrderId id = new(string.Create(CultureInfo.InvariantCulture, $"val-{number}"));
        DateOnly day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime)
            .AddDays(spread ? 3 + (number % SpreadDays) : 3);
        int start = 9 + (number % (Slots - 1));
        OrderDraft draft = new()
        {
            Lines = [new(new(Bouquets[number % Bouquets.Length]), 1)],
            DeliveryOn = day.DayOfWeek == DayOfWeek.Sunday ? day.AddDays(1) : day,
            Window = new DayWindow(new(start, 0), new(start + 2, 0)),
            Currency = "GBP",
            HazardsAcknowledged = true,
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
}
