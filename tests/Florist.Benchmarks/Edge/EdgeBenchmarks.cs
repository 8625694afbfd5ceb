using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;

namespace Florist.Benchmarks.Edge;

/// <summary>What gRPC costs beside plain endpoints of the same server that send the same bytes.</summary>
internal static class EdgeBenchmarks
{
    /// <summary>The plain endpoint beside which calls are measured.</summary>
    public const string Raw = "/raw/echo";

    private const int Calls = 30_000;
    private const int WarmUps = 5;
    private const int Rounds = 7;
    private const string Call = "/bench.v1.Echo/Unary";
    private static readonly BytesValue Message = new() { Value = ByteString.CopyFrom(new byte[100]) };
    private static readonly BytesValue Small = new() { Value = ByteString.CopyFrom(new byte[16]) };

    /// <summary>The rows that can be measured on their own, as <c>edge.echo</c>.</summary>
    public static SortedDictionary<string, Func<Task>> Rows { get; } = new(StringComparer.Ordinal)
    {
        ["edge.allocations"] = () => WithLoad((_, load) => Allocations(load)),
        ["edge.couriers"] = CourierUpdates.Run,
        ["edge.customer"] = () => WithLoad((folder, _) => CustomerReads.Run(folder)),
        ["edge.echo"] = () => WithLoad((_, load) => Saturated(load)),
        ["edge.echo_half"] = () => WithLoad((_, load) => HalfRate(load)),
        ["edge.streams"] = Streams,
    };

    public static async Task Run()
    {
        foreach (Func<Task> row in Rows.Values)
        {
            await row();
        }
    }

    /// <summary>
    /// Serves what the rows measure, for a profiler and loads of one's own. A line with text in it is answered with
    /// what the collector did so far; an empty one ends it.
    /// </summary>
    public static async Task Serve()
    {
        string folder = Directory.CreateTempSubdirectory("florist-bench-").FullName;
        try
        {
            await using WebApplication app = await EdgeHosts.Start();
            await using EdgeServer server = await EdgeServer.Start(folder);
            await File.WriteAllBytesAsync(Path.Combine(folder, "echo.bin"), Frame(Message));
            await File.WriteAllBytesAsync(Path.Combine(folder, "customer.bin"), Frame(server.Request));
            Console.WriteLine($"""
                {Environment.ProcessId}
                {new Uri(new Uri(app.Urls.First()), Raw)} {folder}/echo.bin
                {new Uri(new Uri(app.Urls.First()), Call)} {folder}/echo.bin
                {new Uri(server.RawAddress, Raw)} {folder}/customer.bin
                {new Uri(server.Address, CustomerReads.Call)} {folder}/customer.bin {server.Token}
                """);
            while (await Console.In.ReadLineAsync() is { Length: > 0 })
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{GC.GetTotalAllocatedBytes()} bytes, {GC.CollectionCount(0)} {GC.CollectionCount(1)} "
                    + $"{GC.CollectionCount(2)} collections, {GC.GetTotalPauseDuration().TotalMilliseconds:0.0} ms"));
            }

            await app.StopAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The body of a request with one message.</summary>
    public static byte[] Frame(IMessage message)
    {
        byte[] payload = message.ToByteArray();
        byte[] frame = new byte[5 + payload.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), payload.Length);
        payload.CopyTo(frame, 5);
        return frame;
    }

    /// <summary>Measures two paths in turn, several rounds of each, so that both meet the same weather.</summary>
    public static async Task<List<(LoadResult Value, LoadResult Baseline)>> InTurn(
        Func<Task<LoadResult>> value, Func<Task<LoadResult>> baseline)
    {
        List<(LoadResult Value, LoadResult Baseline)> rounds = [];
        for (int round = -WarmUps; round < Rounds; round++)
        {
            LoadResult plain = await baseline();
            rounds.Add((await value(), plain));
        }

        // The first ones ran while the code was still being compiled.
        return rounds[WarmUps..];
    }

    /// <summary>One figure of the round whose ratio is the median.</summary>
    public static (double Value, double Baseline) Median(
        List<(LoadResult Value, LoadResult Baseline)> rounds, Func<LoadResult, double> figure) =>
        rounds.Select(round => (figure(round.Value), figure(round.Baseline)))
            .OrderBy(round => round.Item1 / round.Item2).ElementAt(rounds.Count / 2);

    private static async Task WithLoad(Func<string, LoadTool, Task> measure)
    {
        if (!LoadTool.IsInstalled())
        {
            Console.WriteLine("edge: h2load is not installed (Debian: nghttp2-client); only streams are measured");
            return;
        }

        string folder = Directory.CreateTempSubdirectory("florist-bench-").FullName;
        try
        {
            await using WebApplication app = await EdgeHosts.Start();
            await measure(folder, new LoadTool(new Uri(app.Urls.First()), folder));
            await app.StopAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Saturated(LoadTool load)
    {
        byte[] frame = Frame(Message);
        List<(LoadResult Value, LoadResult Baseline)> full = await InTurn(
            () => load.Run(Call, frame, Calls, frame.Length),
            () => load.Run(Raw, frame, Calls, frame.Length));
        (double calls, double raw) = Median(full, result => result.RequestsPerSecond);
        (double callsP99, double rawP99) = Median(full, result => result.P99Ms);
        (double cpu, double rawCpu) = Median(full, result => result.CpuMicroseconds);
        Figure.Rate("edge.unary_echo_per_second", calls, raw, goal: 0.8);
        Figure.Time("edge.unary_echo_p99_saturated_ms", callsP99, rawP99, goal: 1 / 1.3);
        Figure.Cost("edge.unary_echo_cpu_us", cpu, rawCpu);
    }

    private static async Task HalfRate(LoadTool load)
    {
        byte[] frame = Frame(Message);
        List<(LoadResult Value, LoadResult Baseline)> full = await InTurn(
            () => load.Run(Call, frame, Calls, frame.Length),
            () => load.Run(Raw, frame, Calls, frame.Length));
        (_, double raw) = Median(full, result => result.RequestsPerSecond);
        double rate = raw / 2;
        List<(LoadResult Value, LoadResult Baseline)> half = await InTurn(
            () => load.Run(Call, frame, (int)rate, frame.Length, rate),
            () => load.Run(Raw, frame, (int)rate, frame.Length, rate));
        (double callsP99, double rawP99) = Median(half, result => result.P99Ms);
        Figure.Time("edge.unary_echo_p99_at_half_rate_ms", callsP99, rawP99, goal: 1 / 1.1);
    }

    private static async Task Allocations(LoadTool load)
    {
        byte[] frame = Frame(Message);
        await load.Run(Call, frame, Calls, frame.Length, keepsTimes: false);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await load.Run(Call, frame, Calls, frame.Length, keepsTimes: false);
        double each = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Calls;

        before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < Calls; i++)
        {
            BytesValue.Parser.ParseFrom(frame.AsSpan(5));
        }

        double message = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Calls;
        Figure.Limit("edge.unary_allocated_bytes_outside_messages", each - message, limit: 2048);
    }

    private static async Task Streams()
    {
        await using WebApplication app = await EdgeHosts.Start();
        using HttpClient http = new(new SocketsHttpHandler())
        {
            BaseAddress = new Uri(app.Urls.First()),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach ((string name, string path, string raw) in new[]
        {
            ("buffered", "/bench.v1.Echo/Buffered", "/raw/buffered"),
            ("flushed_each", "/bench.v1.Echo/Spread", "/raw/spread"),
        })
        {
            List<(double Value, double Baseline)> rounds = [];
            await Drain(http, raw);
            await Drain(http, path);
            for (int round = 0; round < 3; round++)
            {
                double plain = await Drain(http, raw);
                rounds.Add((await Drain(http, path), plain));
            }

            (double value, double baseline) = rounds.OrderBy(round => round.Value / round.Baseline).ElementAt(1);
            Figure.Rate($"edge.stream_messages_per_second_{name}", value, baseline, goal: 0.6);
        }

        await app.StopAsync();
    }

    // Messages per second of one stream, read and thrown away.
    private static async Task<double> Drain(HttpClient http, string path)
    {
        byte[] frame = Frame(Small);
        using ByteArrayContent content = new(frame);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using HttpRequestMessage request = new(HttpMethod.Post, path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        long started = Stopwatch.GetTimestamp();
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using Stream body = await response.Content.ReadAsStreamAsync();
        byte[] buffer = new byte[256 * 1024];
        long total = 0;
        for (int read = await body.ReadAsync(buffer); read > 0; read = await body.ReadAsync(buffer))
        {
            total += read;
        }

        if (total != (long)EdgeHosts.StreamLength * frame.Length)
        {
            throw new InvalidOperationException($"{path} sent {total} bytes");
        }

        return EdgeHosts.StreamLength / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
