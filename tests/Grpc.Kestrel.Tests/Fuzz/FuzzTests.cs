using System.Net;
using Grpc.Kestrel.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Kestrel.Tests.Fuzz;

/// <summary>
/// Malformed frames, header fields and bodies from a seeded generator, against what the protocol says of each. The
/// number of a call that fails makes the same call again.
/// </summary>
public class FuzzTests
{
    private const int Callers = 24;
    private const long GrowthMax = 16 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public Task Every_one_of_3000_malformed_calls_gets_the_right_status() => Run(first: 0, count: 3_000);

    /// <summary>The long form: <c>dotnet run --project tests/Grpc.Kestrel.Tests -- -explicit only</c>.</summary>
    [Fact(Explicit = true)]
    public Task Every_one_of_200000_malformed_calls_gets_the_right_status() => Run(first: 0, count: 200_000);

    private static async Task Run(int first, int count)
    {
        await using ProbeServer server = await ProbeServer.Start(
            HttpProtocols.Http2,
            services =>
            {
                services.AddGrpc();

                // The server remembers streams that it ended first until the client has ended them too, and takes
                // too many of them for an attack.
                services.Configure<KestrelServerOptions>(
                    kestrel => kestrel.Limits.Http2.MaxStreamsPerConnection = 10_000);
            },
            app =>
            {
                app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
                app.MapGrpcService<FuzzService>();
            });
        using HttpClient client = server.CreateHttpClient();
        client.Timeout = Patience;

        // The first half fills the pools; what the second adds to them is lost.
        await CallAll(client, first, count / 2);
        server.Log.Lines.Clear();
        long before = GC.GetTotalMemory(forceFullCollection: true);

        await CallAll(client, first + (count / 2), count - (count / 2));

        server.Log.Lines.Clear();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, GrowthMax);
        RawAnswer afterwards = await client.Call(RawCall.Request("Unary", RawCall.Frame("still here")));
        Assert.Equal("0", afterwards.Status);
    }

    private static async Task CallAll(HttpClient client, int first, int count)
    {
        int next = first - 1;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is int seed && seed < first + count)
            {
                await Call(client, seed);
            }
        })));
    }

    private static async Task Call(HttpClient client, int seed)
    {
        FuzzedCall call = FuzzedCall.Make(seed);
        string[] expected = ExpectedStatus.Of(call);
        string actual;
        try
        {
            using HttpResponseMessage response = await client.SendAsync(call.ToRequest());
            byte[] body = await response.Content.ReadAsByteArrayAsync();
            actual = response.StatusCode != HttpStatusCode.OK ? "HTTP"
                : call.IsWeb ? WebStatus(new WebAnswer(response, body))
                : new RawAnswer(response, body).Status ?? "none";
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            actual = $"none: {e}";
        }

        Assert.True(
            expected.Contains(actual),
            $"Call {seed} ended with {actual} instead of {expected[0]}: {call} {Convert.ToHexString(call.Body)}");
    }

    private static string WebStatus(WebAnswer answer) => answer.HasTrailers
        ? answer.TrailerLines.Split("\r\n").First(
            line => line.StartsWith("grpc-status: ", StringComparison.Ordinal))["grpc-status: ".Length..]
        : answer.Headers.GetValueOrDefault("grpc-status", "none");
}
