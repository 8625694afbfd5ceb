using Florist.Benchmarks;
using Florist.Benchmarks.Edge;
using Florist.Benchmarks.Engine;
using Florist.Benchmarks.Messages;
using Florist.Benchmarks.Orders;
using Florist.Benchmarks.Simulating;

// dotnet run -c Release --project tests/Florist.Benchmarks -- AREA…   (no area: all of them)
SortedDictionary<string, Func<Task>> areas = new(StringComparer.Ordinal)
{
    ["edge"] = EdgeBenchmarks.Run,
    ["engine"] = EngineBenchmarks.Run,
    ["engine.million"] = MillionCustomers.Run,
    ["engine.writes.postgres"] = PostgresWrites.Run,
    ["engine.writes.sqlite"] = SqliteWrites.Run,
    ["messages"] = MessagesBenchmarks.Run,
    ["orders"] = OrdersBenchmarks.Run,
    ["orders.grpc"] = CreatedOrders.Run,
    ["orders.valentines"] = ValentinesMorning.Run,
};

// Parts of areas, for whoever works on one of them.
SortedDictionary<string, Func<Task>> parts = new(EdgeBenchmarks.Rows, StringComparer.Ordinal)
{
    ["edge.serve"] = EdgeBenchmarks.Serve,
};

if (args is ["simulate", .. string[] wanted])
{
    return await SimulateCommand.Run(wanted);
}

if (args is ["reader", ..])
{
    int Number(int at, int otherwise) => args.Length > at && int.TryParse(args[at], out int number) ? number : otherwise;
    return await LongReader.Run(TimeSpan.FromSeconds(Number(1, 600)), Number(2, 0));
}

string[] chosen = args.Length == 0 ? [.. areas.Keys] : args;
if (chosen.FirstOrDefault(area => !areas.ContainsKey(area) && !parts.ContainsKey(area)) is { } unknown)
{
    await Console.Error.WriteLineAsync(
        $"there is no area '{unknown}'; there are {string.Join(", ", areas.Keys.Concat(parts.Keys))}");
    return 2;
}

foreach (string area in chosen)
{
    await (areas.GetValueOrDefault(area) ?? parts[area])();
}

return Figure.AllReached ? 0 : 1;
