using Grpc.AspNetCore.HealthChecks;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Grpc.Kestrel.Tests.Testing;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.Kestrel.Tests.Health;

public class HealthChecksServiceTests
{
    private HealthStatus database = HealthStatus.Healthy;
    private int databaseRuns;

    [Fact]
    public async Task Each_question_runs_the_checks()
    {
        await using ProbeServer server = await Start(_ => { });
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        Grpc.Health.V1.Health.HealthClient client = new(channel);

        Assert.Equal(ServingStatus.Serving, (await client.CheckAsync(Ask(""))).Status);
        database = HealthStatus.Degraded;
        Assert.Equal(ServingStatus.Serving, (await client.CheckAsync(Ask(""))).Status);
        database = HealthStatus.Unhealthy;
        Assert.Equal(ServingStatus.NotServing, (await client.CheckAsync(Ask(""))).Status);
        Assert.Equal(3, databaseRuns);
    }

    [Fact]
    public async Task A_service_is_spoken_for_by_the_checks_that_are_mapped_to_it()
    {
        database = HealthStatus.Unhealthy;
        await using ProbeServer server = await Start(options =>
        {
            options.Services.Map("shop.v1.Shop", check => check.Tags.Contains("storage"));
            options.Services.Map("mail.v1.Mail", check => check.Name == "mail");
            options.Services.MapService("late.v1.Late", result => result.Status != HealthStatus.Unhealthy);
        });
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        Grpc.Health.V1.Health.HealthClient client = new(channel);

        Assert.Equal(ServingStatus.Serving, (await client.CheckAsync(Ask("mail.v1.Mail"))).Status);
        Assert.Equal(0, databaseRuns);
        Assert.Equal(ServingStatus.NotServing, (await client.CheckAsync(Ask("shop.v1.Shop"))).Status);
        Assert.Equal(ServingStatus.Serving, (await client.CheckAsync(Ask("late.v1.Late"))).Status);
        RpcException unknown = await Assert.ThrowsAsync<RpcException>(async () => await client.CheckAsync(Ask("x")));
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task With_the_cache_the_last_published_state_is_told_without_a_run()
    {
        await using ProbeServer server = await Start(options => options.UseHealthChecksCache = true);
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        Grpc.Health.V1.Health.HealthClient client = new(channel);
        HealthReport report = new(
            new Dictionary<string, HealthReportEntry>
            {
                ["database"] = new(HealthStatus.Unhealthy, null, TimeSpan.Zero, null, null),
            },
            TimeSpan.Zero);
        foreach (IHealthCheckPublisher publisher in server.Services.GetServices<IHealthCheckPublisher>())
        {
            await publisher.PublishAsync(report, CancellationToken.None);
        }

        Assert.Equal(ServingStatus.NotServing, (await client.CheckAsync(Ask(""))).Status);
        Assert.Equal(0, databaseRuns);
    }

    [Fact]
    public async Task Watchers_are_told_the_end_when_the_server_stops_so_that_it_need_not_wait_for_them()
    {
        ProbeServer server = await Start(_ => { });
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        using AsyncServerStreamingCall<HealthCheckResponse> watch =
            new Grpc.Health.V1.Health.HealthClient(channel).Watch(Ask(""));
        Assert.True(await watch.ResponseStream.MoveNext());
        Assert.Equal(ServingStatus.Serving, watch.ResponseStream.Current.Status);

        Task stopping = server.DisposeAsync().AsTask();

        Assert.True(await watch.ResponseStream.MoveNext());
        Assert.Equal(ServingStatus.NotServing, watch.ResponseStream.Current.Status);
        Assert.False(await watch.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, watch.GetStatus().StatusCode);
        await stopping;
    }

    [Fact]
    public async Task A_state_that_the_application_sets_reaches_watchers_of_mapped_checks()
    {
        await using ProbeServer server = await Start(_ => { });
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        using AsyncServerStreamingCall<HealthCheckResponse> watch =
            new Grpc.Health.V1.Health.HealthClient(channel).Watch(Ask(""));
        Assert.True(await watch.ResponseStream.MoveNext());

        server.Services.GetRequiredService<HealthServiceImpl>().SetStatus("", ServingStatus.NotServing);

        Assert.True(await watch.ResponseStream.MoveNext());
        Assert.Equal(ServingStatus.NotServing, watch.ResponseStream.Current.Status);
    }

    [Fact]
    public void A_name_is_mapped_once()
    {
        ServiceMappingCollection mappings = new() { new ServiceMapping("a", (HealthCheckMapContext _) => true) };

        Assert.Throws<ArgumentException>(() => mappings.Add(new("a", (HealthCheckMapContext _) => false)));
        mappings.Map("a", _ => false);
        mappings.MapService("b", _ => true);
        Assert.Equal(["a", "b"], mappings.Select(mapping => mapping.Name));
        mappings.Remove("a");
        Assert.Equal(["b"], mappings.Select(mapping => mapping.Name));
    }

    private static HealthCheckRequest Ask(string service) => new() { Service = service };

    private Task<ProbeServer> Start(Action<GrpcHealthChecksOptions> configure) => ProbeServer.Start(
        HttpProtocols.Http2,
        services =>
        {
            services.AddGrpc();
            services.AddGrpcHealthChecks(configure)
                .AddCheck("database", CheckDatabase, ["storage"])
                .AddCheck("mail", () => HealthCheckResult.Healthy());
        },
        app => app.MapGrpcHealthChecksService());

    private HealthCheckResult CheckDatabase()
    {
        databaseRuns++;
        return new HealthCheckResult(database);
    }
}
