using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Kestrel.Tests.Probe;
using Grpc.Kestrel.Tests.Testing;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Kestrel.Tests.Server;

public class SharedObjectsTests
{
    private readonly List<string> made = [];
    private int failures;

    [Theory]
    [InlineData(ServiceLifetime.Singleton, 1)]
    [InlineData(ServiceLifetime.Scoped, 3)]
    [InlineData(ServiceLifetime.Transient, 3)]
    public async Task Calls_share_a_service_and_an_interceptor_if_they_are_registered_so(
        ServiceLifetime lifetime, int count)
    {
        await using ProbeServer server = await Start(lifetime);
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        Probe.Probe.ProbeClient client = new(channel);
        Assert.Empty(made);

        for (int i = 0; i < 3; i++)
        {
            await client.UnaryAsync(new ProbeRequest());
        }

        Assert.Equal(count, made.Count(name => name == "service"));
        Assert.Equal(count, made.Count(name => name == "interceptor"));
    }

    [Fact]
    public async Task A_service_that_could_not_be_made_is_tried_again_with_the_next_call()
    {
        failures = 1;
        await using ProbeServer server = await Start(ServiceLifetime.Singleton);
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        Probe.Probe.ProbeClient client = new(channel);

        RpcException first = await Assert.ThrowsAsync<RpcException>(
            async () => await client.UnaryAsync(new ProbeRequest()));
        await client.UnaryAsync(new ProbeRequest());

        Assert.Equal(StatusCode.Unknown, first.StatusCode);
    }

    private Task<ProbeServer> Start(ServiceLifetime lifetime) => ProbeServer.Start(
        HttpProtocols.Http2,
        services =>
        {
            services.AddGrpc(grpc => grpc.Interceptors.Add<Passing>());
            services.Add(new ServiceDescriptor(typeof(RelayService), _ => MakeService(), lifetime));
            services.Add(new ServiceDescriptor(typeof(Passing), _ => MakeInterceptor(), lifetime));
        },
        app => app.MapGrpcService<RelayService>());

    private RelayService MakeService()
    {
        if (failures-- > 0)
        {
            throw new InvalidOperationException("not yet");
        }

        made.Add("service");
        return new RelayService((_, _) => Task.FromResult(new ProbeReply()));
    }

    private Passing MakeInterceptor()
    {
        made.Add("interceptor");
        return new Passing();
    }

    private sealed class Passing : Interceptor;
}
