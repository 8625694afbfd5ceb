using System.Net;
using Grpc.Core;
using Grpc.Kestrel.Tests.Probe;
using Grpc.Kestrel.Tests.Testing;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Kestrel.Tests.Server;

public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates certificates = new();

    public void Dispose() => certificates.Dispose();

    [Fact]
    public async Task A_call_over_tls_is_served_and_its_client_is_nobody_in_particular()
    {
        await using ProbeServer server = await Start(ClientCertificateMode.NoCertificate);
        using GrpcChannel channel = Connect(server, certificates.Handler());

        ProbeReply reply = await new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest { Text = "hello" });
        SeenCall seen = await server.Notes.NextCall();

        Assert.Equal("hello", reply.Text);
        Assert.False(seen.AuthContext.IsPeerAuthenticated);
    }

    [Fact]
    public async Task A_client_certificate_names_the_caller()
    {
        await using ProbeServer server = await Start(ClientCertificateMode.RequireCertificate);
        using GrpcChannel channel = Connect(server, certificates.Handler(certificates.Client));

        await new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest());
        AuthContext auth = (await server.Notes.NextCall()).AuthContext;

        Assert.True(auth.IsPeerAuthenticated);
        Assert.Equal("x509_subject_alternative_name", auth.PeerIdentityPropertyName);
        Assert.Equal(["till-7.shop.example"], auth.PeerIdentity.Select(property => property.Value));
        Assert.Equal(["till-7"], auth.FindPropertiesByName("x509_common_name").Select(property => property.Value));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_certificate_or_with_a_strangers_nobody_gets_in(bool showsOne)
    {
        using TestCertificates stranger = new();
        await using ProbeServer server = await Start(ClientCertificateMode.RequireCertificate);
        using GrpcChannel channel = Connect(server, certificates.Handler(showsOne ? stranger.Client : null));

        RpcException error = await Assert.ThrowsAsync<RpcException>(
            async () => await new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest()));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    [Fact]
    public async Task A_server_that_nobody_vouches_for_is_not_called()
    {
        using TestCertificates others = new();
        await using ProbeServer server = await Start(ClientCertificateMode.NoCertificate);
        using GrpcChannel channel = Connect(server, others.Handler());

        RpcException error = await Assert.ThrowsAsync<RpcException>(
            async () => await new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest()));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    [Fact]
    public async Task One_port_serves_grpc_over_http_2_and_grpc_web_over_http_1()
    {
        await using ProbeServer server = await Start(ClientCertificateMode.NoCertificate);
        using GrpcChannel channel = Connect(server, certificates.Handler());
        using HttpClient browser = new(certificates.Handler()) { BaseAddress = server.Address };

        ProbeReply reply = await new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest { Text = "native" });
        WebAnswer web = await browser.CallWeb(
            WebCall.Request("Unary", WebCall.Binary, RawCall.Frame("web"), HttpVersion.Version11));

        Assert.Equal(("native", "web"), (reply.Text, web.Reply().Text));
    }

    private static GrpcChannel Connect(ProbeServer server, SocketsHttpHandler handler) => GrpcChannel.ForAddress(
        server.Address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });

    private Task<ProbeServer> Start(ClientCertificateMode mode) => ProbeServer.Start(
        HttpProtocols.Http1AndHttp2,
        services => services.AddGrpc(),
        app =>
        {
            app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
            app.MapGrpcService<ProbeService>();
        },
        listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificates.Server;
            https.ClientCertificateMode = mode;
            https.ClientCertificateValidation = (certificate, _, _) => certificates.Vouches(certificate);
        }));
}
