namespace Florist.Benchmarks.Edge;

/// <summary>Customers who read themselves: token, policy, grain and message beside as many bytes.</summary>
internal static class CustomerReads
{
    public const string Call = "/florist.customers.v1.CustomerService/GetCustomer";

    private const int Calls = 20_000;

    // All callers are one customer, of whose calls so many may wait.
    private const int StreamsEach = 32;

    public static async Task Run(string folder)
    {
        await using EdgeServer server = await EdgeServer.Start(folder);
        LoadTool load = new(server.Address, folder, StreamsEach);
        LoadTool bare = new(server.RawAddress, folder, StreamsEach);
        byte[] frame = EdgeBenchmarks.Frame(server.Request);
        List<(LoadResult Value, LoadResult Baseline)> rounds = await EdgeBenchmarks.InTurn(
            () => load.Run(Call, frame, Calls, server.AnswerLength, authorization: server.Token),
            () => bare.Run(EdgeBenchmarks.Raw, frame, Calls, server.AnswerLength, authorization: server.Token));
        (double reads, double exchanges) = EdgeBenchmarks.Median(rounds, result => result.RequestsPerSecond);
        Figure.Rate("edge.get_customer_per_second", reads, exchanges, goal: 0.6);
        (double cpu, double rawCpu) = EdgeBenchmarks.Median(rounds, result => result.CpuMicroseconds);
        Figure.Cost("edge.get_customer_cpu_us", cpu, rawCpu);
    }
}
