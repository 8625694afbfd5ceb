using Grpc.AspNetCore.ClientFactory;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Kestrel.Tests.Probe;
using Grpc.Kestrel.Tests.Testing;
using Grpc.Net.Client;
using Grpc.Net.ClientFactory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using ProbeClient = Grpc.Kestrel.Tests.Probe.Probe.ProbeClient;

namespace Grpc.Kestrel.Tests.ClientFactory;

public class GrpcClientFactoryTests
{
    [Fact]
    public async Task A_registered_client_is_injected_and_calls_its_address()
    {
        await using ProbeServer server = await ProbeServer.Start();
        await using ServiceProvider services = new ServiceCollection()
            .AddGrpcClient<ProbeClient>(options => options.Address = server.Address).Services.BuildServiceProvider();

        ProbeReply reply =
            await services.GetRequiredService<ProbeClient>().UnaryAsync(new ProbeRequest { Text = "hi" });

        Assert.Equal("hi", reply.Text);
        Assert.NotSame(services.GetRequiredService<ProbeClient>(), services.GetRequiredService<ProbeClient>());
    }

    [Fact]
    public async Task Names_keep_clients_of_one_type_apart()
    {
        await using ProbeServer one = await ProbeServer.Start();
        await using ProbeServer two = await ProbeServer.Start();
        ServiceCollection registrations = new();
        registrations.AddGrpcClient<ProbeClient>("one", options => options.Address = one.Address);
        registrations.AddGrpcClient<ProbeClient>("two", (_, options) => options.Address = two.Address);
        await using ServiceProvider services = registrations.BuildServiceProvider();
        GrpcClientFactory factory = services.GetRequiredService<GrpcClientFactory>();

        await factory.CreateClient<ProbeClient>("two").UnaryAsync(new ProbeRequest());

        Assert.Equal(two.Address.Authority, (await two.Notes.NextCall()).Host);
    }

    [Fact]
    public void What_is_not_registered_is_told_by_name()
    {
        ServiceCollection registrations = new();
        registrations.AddGrpcClient<ProbeClient>("known");
        Assert.Throws<InvalidOperationException>(
            () => registrations.AddGrpcClient<Grpc.Health.V1.Health.HealthClient>("known"));
        using ServiceProvider services = registrations.BuildServiceProvider();
        GrpcClientFactory factory = services.GetRequiredService<GrpcClientFactory>();

        Assert.Contains("'other'", Refusal(() => factory.CreateClient<ProbeClient>("other")), StringComparison.Ordinal);
        Assert.Contains("address", Refusal(() => factory.CreateClient<ProbeClient>("known")), StringComparison.Ordinal);
        Assert.Contains(
            "HealthClient",
            Refusal(() => factory.CreateClient<Grpc.Health.V1.Health.HealthClient>("known")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interceptors_live_as_long_as_their_scope_says_and_the_first_is_outermost()
    {
        await using ProbeServer server = await ProbeServer.Start();
        List<string> log = [];
        ServiceCollection registrations = new();
        registrations.AddSingleton(new Noting(log, "registered"));
        registrations.AddGrpcClient<ProbeClient>(options => options.Address = server.Address)
            .AddInterceptor(() => new Noting(log, "channel"))
            .AddInterceptor(_ => new Noting(log, "inner channel"))
            .AddInterceptor(InterceptorScope.Client, () => new Noting(log, "client"))
            .AddInterceptor<Noting>(InterceptorScope.Client);
        await using ServiceProvider services = registrations.BuildServiceProvider();

        await services.GetRequiredService<ProbeClient>().UnaryAsync(new ProbeRequest());
        await services.GetRequiredService<ProbeClient>().UnaryAsync(new ProbeRequest());

        Assert.Equal(["client", "registered", "channel", "inner channel"], Called().Take(4));
        Assert.Equal(8, Called().Count());
        Assert.Equal(
            ["registered", "channel", "inner channel", "client", "client"],
            log.Where(line => line.StartsWith("made ", StringComparison.Ordinal)).Select(line => line[5..])
                .OrderBy(name => Array.IndexOf(["registered", "channel", "inner channel", "client"], name)));

        IEnumerable<string> Called() =>
            log.Where(line => line.StartsWith("call ", StringComparison.Ordinal)).Select(line => line[5..]);
    }

    [Fact]
    public async Task Credentials_and_channel_settings_of_the_registration_hold_for_each_call()
    {
        await using ProbeServer server = await ProbeServer.Start();
        ServiceCollection registrations = new();
        registrations.AddSingleton("from the services");
        registrations.AddGrpcClient<ProbeClient>(options => options.Address = server.Address)
            .ConfigureChannel(channel => channel.UnsafeUseInsecureChannelCallCredentials = true)
            .ConfigureChannel((_, channel) => channel.MaxSendMessageSize = 100)
            .AddCallCredentials((_, metadata) => Add(metadata, "one", "1"))
            .AddCallCredentials((_, metadata, provider) => Add(metadata, "two", provider.GetRequiredService<string>()))
            .AddCallCredentials(CallCredentials.FromInterceptor((_, metadata) => Add(metadata, "three", "3")));
        await using ServiceProvider services = registrations.BuildServiceProvider();
        ProbeClient client = services.GetRequiredService<ProbeClient>();

        await client.UnaryAsync(new ProbeRequest());
        Metadata sent = (await server.Notes.NextCall()).RequestHeaders;
        RpcException tooLarge = await Assert.ThrowsAsync<RpcException>(
            async () => await client.UnaryAsync(new ProbeRequest { Text = new string('a', 200) }));

        Assert.Equal(
            ("1", "from the services", "3"), (sent.GetValue("one"), sent.GetValue("two"), sent.GetValue("three")));
        Assert.Equal(StatusCode.ResourceExhausted, tooLarge.StatusCode);
    }

    [Fact]
    public async Task A_client_can_be_made_in_a_way_of_its_own()
    {
        await using ProbeServer server = await ProbeServer.Start();
        List<CallInvoker> given = [];
        ServiceCollection registrations = new();
        registrations.AddGrpcClient<ProbeClient>(options => options.Address = server.Address)
            .ConfigureGrpcClientCreator(invoker =>
            {
                given.Add(invoker);
                return new ProbeClient(invoker);
            });
        await using ServiceProvider services = registrations.BuildServiceProvider();

        await services.GetRequiredService<ProbeClient>().UnaryAsync(new ProbeRequest());

        Assert.Single(given);
    }

    [Fact]
    public async Task A_client_of_a_server_passes_the_call_on_that_it_is_used_for()
    {
        await using ProbeServer backend = await ProbeServer.Start();
        await using ProbeServer front = await ProbeServer.Start(
            HttpProtocols.Http2,
            services =>
            {
                services.AddGrpc();
                services.AddGrpcClient<ProbeClient>(options => options.Address = backend.Address)
                    .EnableCallContextPropagation();
                services.AddSingleton(provider => new RelayService(async (request, _) =>
                    await provider.GetRequiredService<ProbeClient>().UnaryAsync(request)));
            },
            app => app.MapGrpcService<RelayService>());
        using GrpcChannel channel = GrpcChannel.ForAddress(front.Address);
        DateTime deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(3);

        await new ProbeClient(channel).UnaryAsync(new ProbeRequest(), deadline: deadline);

        Assert.InRange(
            (await backend.Notes.NextCall()).Deadline, deadline.AddSeconds(-20), deadline.AddSeconds(20));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Outside_of_a_call_there_is_nothing_to_pass_on_which_is_an_error_unless_allowed(bool isAllowed)
    {
        await using ProbeServer server = await ProbeServer.Start();
        ServiceCollection registrations = new();
        registrations.AddGrpcClient<ProbeClient>(options => options.Address = server.Address)
            .EnableCallContextPropagation(options => options.SuppressContextNotFoundErrors = isAllowed);
        await using ServiceProvider services = registrations.BuildServiceProvider();
        ProbeClient client = services.GetRequiredService<ProbeClient>();

        Exception? error = await Record.ExceptionAsync(async () => await client.UnaryAsync(new ProbeRequest()));

        Assert.Equal(isAllowed ? null : typeof(InvalidOperationException), error?.GetType());
    }

    private static string Refusal(Func<object> make) => Assert.Throws<InvalidOperationException>(make).Message;

    private static Task Add(Metadata metadata, string key, string value)
    {
        metadata.Add(key, value);
        return Task.CompletedTask;
    }

    private sealed class Noting : Interceptor
    {
        private readonly List<string> log;
        private readonly string name;

        public Noting(List<string> log, string name)
        {
            this.log = log;
            this.name = name;
            log.Add("made " + name);
        }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            log.Add("call " + name);
            return continuation(request, context);
        }
    }
}
