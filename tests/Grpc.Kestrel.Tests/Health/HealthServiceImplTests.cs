using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Grpc.Kestrel.Tests.Testing;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.Kestrel.Tests.Health;

public class HealthServiceImplTests
{
    private readonly HealthServiceImpl states = new();

    [Fact]
    public async Task The_state_of_a_known_service_is_told()
    {
        states.SetStatus("shop.v1.Shop", ServingStatus.NotServing);
        states.SetStatus("", ServingStatus.Serving);
        await using ProbeServer server = await Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        Grpc.Health.V1.Health.HealthClient client = new(channel);

        Assert.Equal(ServingStatus.NotServing, (await client.CheckAsync(Ask("shop.v1.Shop"))).Status);
        Assert.Equal(ServingStatus.Serving, (await client.CheckAsync(Ask(""))).Status);
    }

    [Fact]
    public async Task An_unknown_service_is_not_found_and_a_cleared_one_is_unknown_again()
    {
        states.SetStatus("a", ServingStatus.Serving);
        states.SetStatus("b", ServingStatus.Serving);
        states.ClearStatus("a");
        await using ProbeServer server = await Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        Grpc.Health.V1.Health.HealthClient client = new(channel);

        Assert.Equal(StatusCode.NotFound, await StatusOf(client, "a"));
        Assert.Equal(StatusCode.OK, await StatusOf(client, "b"));
        states.ClearAll();
        Assert.Equal(StatusCode.NotFound, await StatusOf(client, "b"));
    }

    [Fact]
    public async Task A_watcher_sees_the_state_of_now_and_every_change_and_no_repetition()
    {
        await using ProbeServer server = await Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        using AsyncServerStreamingCall<HealthCheckResponse> watch =
            new Grpc.Health.V1.Health.HealthClient(channel).Watch(Ask("later"));

        Assert.Equal(ServingStatus.ServiceUnknown, await Next(watch));
        states.SetStatus("later", ServingStatus.Serving);
        Assert.Equal(ServingStatus.Serving, await Next(watch));
        states.SetStatus("other", ServingStatus.NotServing);
        states.SetStatus("later", ServingStatus.Serving);
        states.SetStatus("later", ServingStatus.NotServing);
        Assert.Equal(ServingStatus.NotServing, await Next(watch));
        states.ClearAll();
        Assert.Equal(ServingStatus.ServiceUnknown, await Next(watch));
    }

    [Fact]
    public async Task A_watcher_that_goes_away_is_forgotten()
    {
        await using ProbeServer server = await Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        Grpc.Health.V1.Health.HealthClient client = new(channel);
        using (AsyncServerStreamingCall<HealthCheckResponse> watch = client.Watch(Ask("a")))
        {
            await Next(watch);
        }

        using AsyncServerStreamingCall<HealthCheckResponse> second = client.Watch(Ask("a"));
        await Next(second);
        states.SetStatus("a", ServingStatus.Serving);

        Assert.Equal(ServingStatus.Serving, await Next(second));
    }

    private static HealthCheckRequest Ask(string service) => new() { Service = service };

    private static async Task<ServingStatus> Next(AsyncServerStreamingCall<HealthCheckResponse> watch)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        Assert.True(await watch.ResponseStream.MoveNext(patience.Token));
        return watch.ResponseStream.Current.Status;
    }

    private static async Task<StatusCode> StatusOf(Grpc.Health.V1.Health.HealthClient client, string service)
    {
        try
        {
            await client.CheckAsync(Ask(service));
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }

    private Task<ProbeServer> Start() => ProbeServer.Start(
        HttpProtocols.Http2,
        services =>
        {
            services.AddGrpc();
            services.AddSingleton(states);
        },
        app => app.MapGrpcService<HealthServiceImpl>());
}
