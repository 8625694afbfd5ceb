using Grpc.Core;
using Grpc.Kestrel.Tests.Probe;
using Grpc.Kestrel.Tests.Testing;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Kestrel.Tests.Core;

public class CallPropagationTokenTests
{
    private static readonly DateTime Soon = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(2);

    [Theory]
    [InlineData(true, null, 2)]
    [InlineData(true, 1, 1)]
    [InlineData(true, 3, 2)]
    [InlineData(false, null, null)]
    [InlineData(false, 3, 3)]
    public async Task The_earlier_deadline_holds_if_it_is_passed_on(
        bool isPassedOn, int? ownMinutes, int? expectedMinutes)
    {
        await using ProbeServer backend = await ProbeServer.Start();
        using GrpcChannel inner = GrpcChannel.ForAddress(backend.Address);
        CallOptions own = new(deadline: ownMinutes is int minutes ? Soon.AddMinutes(minutes - 2) : null);
        await using ProbeServer front = await Relay((request, context) => new Probe.Probe.ProbeClient(inner).UnaryAsync(
            request,
            own.WithPropagationToken(context.CreatePropagationToken(new ContextPropagationOptions(isPassedOn)))));
        using GrpcChannel outer = GrpcChannel.ForAddress(front.Address);

        await new Probe.Probe.ProbeClient(outer).UnaryAsync(new ProbeRequest(), deadline: Soon);
        DateTime seen = (await backend.Notes.NextCall()).Deadline;

        if (expectedMinutes is int expected)
        {
            DateTime at = Soon.AddMinutes(expected - 2);
            Assert.InRange(seen, at.AddSeconds(-20), at.AddSeconds(20));
        }
        else
        {
            Assert.Equal(DateTime.MaxValue, seen);
        }
    }

    [Fact]
    public async Task The_end_of_the_first_call_ends_the_second()
    {
        await using ProbeServer backend = await ProbeServer.Start();
        using GrpcChannel inner = GrpcChannel.ForAddress(backend.Address);
        await using ProbeServer front = await Relay((request, context) => new Probe.Probe.ProbeClient(inner).UnaryAsync(
            request, default(CallOptions).WithPropagationToken(context.CreatePropagationToken())));
        using GrpcChannel outer = GrpcChannel.ForAddress(front.Address);
        using AsyncUnaryCall<ProbeReply> call =
            new Probe.Probe.ProbeClient(outer).UnaryAsync(new ProbeRequest { Action = "wait" });
        await backend.Notes.NextCall();

        call.Dispose();

        await backend.Notes.NextCancelled();
    }

    [Fact]
    public async Task Cancellation_is_not_passed_on_against_the_callers_wish()
    {
        await using ProbeServer backend = await ProbeServer.Start();
        using GrpcChannel inner = GrpcChannel.ForAddress(backend.Address);
        TaskCompletionSource<StatusCode> second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ProbeServer front = await Relay(async (request, context) =>
        {
            ContextPropagationToken token = context.CreatePropagationToken(
                new ContextPropagationOptions(propagateCancellation: false));
            using AsyncUnaryCall<ProbeReply> call = new Probe.Probe.ProbeClient(inner).UnaryAsync(
                request, default(CallOptions).WithPropagationToken(token));
            await ((Task)call.ResponseAsync).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            second.SetResult(call.GetStatus().StatusCode);
            return new ProbeReply();
        });
        using GrpcChannel outer = GrpcChannel.ForAddress(front.Address);
        using AsyncUnaryCall<ProbeReply> first = new Probe.Probe.ProbeClient(outer).UnaryAsync(
            new ProbeRequest { Action = "wait deafly" });
        await backend.Notes.NextCall();

        first.Dispose();
        backend.Notes.Release();

        Assert.Equal(StatusCode.DataLoss, await second.Task);
    }

    private static Task<ProbeServer> Relay(Func<ProbeRequest, ServerCallContext, AsyncUnaryCall<ProbeReply>> pass) =>
        Relay(async (request, context) => await pass(request, context));

    private static Task<ProbeServer> Relay(Func<ProbeRequest, ServerCallContext, Task<ProbeReply>> pass) =>
        ProbeServer.Start(
            HttpProtocols.Http2,
            services =>
            {
                services.AddGrpc();
                services.AddSingleton(new RelayService(pass));
            },
            app => app.MapGrpcService<RelayService>());
}
