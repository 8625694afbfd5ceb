using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Florist.Protos.Catalogue.V1;
using Florist.Protos.Delivery.V1;
using Florist.Server.Tests.Peers;
using Florist.Server.Tests.Testing;
using Florist.Server.Tour;
using Grpc.Core;
using Grpc.Net.Client;
using static Florist.Protos.Delivery.V1.StreamUpdatesResponse;

namespace Florist.Server.Tests.Edge;

/// <summary>TLS by the settings of Kestrel, and couriers that show certificates.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates certificates = new();

    public void Dispose() => certificates.Dispose();

    [Fact]
    public async Task A_courier_with_its_certificate_streams_and_needs_no_token()
    {
        TestCertificates.Issued velo = Courier("velo", "depot.velo.example");
        TestCertificates.Issued moto = Courier("moto", "moto.example");
        await using LocalServer server = await Start(
            "--Auth:Couriers:velo:Names:0=Depot.Velo.example",
            $"--Auth:Couriers:moto:Fingerprints:0={moto.Fingerprint}");

        Assert.Equal(MessageOneofCase.Welcome, await Hello(server, velo, "couriers/velo"));
        Assert.Equal(MessageOneofCase.Welcome, await Hello(server, moto, "couriers/moto"));
        Assert.Equal(StatusCode.PermissionDenied, await Refusal(Hello(server, moto, "couriers/velo")));
        Assert.Equal(StatusCode.PermissionDenied, await Refusal(Hello(server, velo, "couriers/moto")));
    }

    [Fact]
    public async Task Where_certificates_are_required_nobody_connects_without_one_and_elsewhere_everybody_does()
    {
        await using LocalServer server = await Start("--Auth:Couriers:velo:Names:0=depot.velo.example");

        Assert.Equal(StatusCode.Unavailable, await Refusal(Hello(server, null, "couriers/velo", "courier:velo")));
        using GrpcChannel channel = Channel(Public(server), null);
        Assert.NotEmpty((await new CatalogueService.CatalogueServiceClient(channel).ListBouquetsAsync(
            new ListBouquetsRequest())).Bouquets);
    }

    [Theory]
    [InlineData("of another authority")]
    [InlineData("expired")]
    [InlineData("for servers")]
    public async Task Certificates_that_prove_nothing_do_not_get_past_tls(string what)
    {
        using TestCertificates others = new();
        TestCertificates.Issued shown = what switch
        {
            "of another authority" => others.Issue("velo", forServer: false, null, "depot.velo.example"),
            "expired" => certificates.Issue("velo", forServer: false, TimeSpan.FromHours(-3), "depot.velo.example"),
            _ => certificates.Issue("velo", forServer: true, null, "depot.velo.example"),
        };
        await using LocalServer server = await Start(
            "--Auth:Couriers:velo:Names:0=depot.velo.example",
            what == "expired" ? $"--Auth:Couriers:velo:Fingerprints:0={shown.Fingerprint}" : "--Audit:RetentionDays=7");

        Assert.Equal(StatusCode.Unavailable, await Refusal(Hello(server, shown, "couriers/velo")));
    }

    [Fact]
    public async Task A_certificate_that_names_no_courier_lets_nobody_in()
    {
        TestCertificates.Issued stranger = Courier("stranger", "nobody.example");
        await using LocalServer server = await Start("--Auth:Couriers:velo:Names:0=depot.velo.example");

        Assert.Equal(StatusCode.Unauthenticated, await Refusal(Hello(server, stranger, "couriers/velo")));
    }

    [Fact]
    public async Task A_token_goes_with_the_certificate_of_its_courier_where_that_is_asked_for()
    {
        TestCertificates.Issued velo = Courier("velo", "depot.velo.example");
        TestCertificates.Issued moto = Courier("moto", "moto.example");
        await using LocalServer server = await Start(
            "--Auth:Couriers:velo:Names:0=depot.velo.example",
            "--Auth:Couriers:velo:Required=true",
            "--Auth:Couriers:moto:Names:0=moto.example");

        Assert.Equal(
            StatusCode.Unauthenticated,
            await Refusal(Hello(server, null, "couriers/velo", "courier:velo", Public(server))));
        Assert.Equal(
            StatusCode.Unauthenticated, await Refusal(Hello(server, moto, "couriers/velo", "courier:velo")));
        Assert.Equal(MessageOneofCase.Welcome, await Hello(server, velo, "couriers/velo", "courier:velo"));
        Assert.Equal(
            MessageOneofCase.Welcome, await Hello(server, null, "couriers/moto", "courier:moto", Public(server)));
    }

    [Fact]
    public async Task A_new_certificate_of_the_server_is_shown_without_a_restart()
    {
        await using LocalServer server = await Start();
        string first = await Shown(Public(server));
        string second = certificates.Issue("server", forServer: true, null, "127.0.0.1").Certificate.Thumbprint;

        string shown = await Shown(Public(server));
        for (long begun = Stopwatch.GetTimestamp();
            shown != second && Stopwatch.GetElapsedTime(begun) < FloristTool.Patience;
            shown = await Shown(Public(server)))
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.NotEqual(first, second);
        Assert.Equal(second, shown);
    }

    [Fact]
    public async Task Pages_over_tls_tell_browsers_to_stay_with_it()
    {
        await using LocalServer server = await Start();
        using HttpClient client = new(Handler(null)) { BaseAddress = Public(server) };

        using HttpResponseMessage answer = await client.GetAsync("/docs", TestContext.Current.CancellationToken);

        Assert.Equal("max-age=31536000", answer.Headers.GetValues("Strict-Transport-Security").Single());
    }

    [Fact]
    public async Task A_partner_on_python_streams_over_tls_with_its_certificate()
    {
        string python = await PartnerCourier.Python();
        TestCertificates.Issued velo = Courier("velo", "depot.velo.example");
        await using LocalServer server = await Start("--Auth:Couriers:velo:Names:0=depot.velo.example");

        await using PartnerCourier courier = await PartnerCourier.Connect(
            python, server.Addresses[0], 1, [certificates.AuthorityFile, velo.File, velo.KeyFile]);

        Assert.Equal(0, courier.Committed);
        Assert.Equal("OK", await courier.Close());
    }

    private static Uri Public(LocalServer server) => server.Addresses[1];

    private TestCertificates.Issued Courier(string file, string name) =>
        certificates.Issue(file, forServer: false, null, name);

    // Couriers have an address of their own, where a certificate is required.
    private Task<LocalServer> Start(params string[] settings)
    {
        TestCertificates.Issued own = certificates.Issue("server", forServer: true, null, "127.0.0.1");
        return LocalServer.Start(
            [
                "--Kestrel:Endpoints:Couriers:Url=https://127.0.0.1:0",
                "--Kestrel:Endpoints:Couriers:ClientCertificateMode=RequireCertificate",
                "--Kestrel:Endpoints:Public:Url=https://127.0.0.1:0",
                $"--Kestrel:Certificates:Default:Path={own.File}",
                $"--Kestrel:Certificates:Default:KeyPath={own.KeyFile}",
                $"--Auth:CourierAuthorities={certificates.AuthorityFile}",
                .. settings,
            ]);
    }

    private async Task<MessageOneofCase> Hello(
        LocalServer server, TestCertificates.Issued? shown, string courier, string? token = null, Uri? address = null)
    {
        using GrpcChannel channel = Channel(address ?? server.Addresses[0], shown);
        using AsyncDuplexStreamingCall<StreamUpdatesRequest, StreamUpdatesResponse> call =
            new CourierService.CourierServiceClient(channel).StreamUpdates(
                token is null ? [] : TourClients.As(token), cancellationToken: TestContext.Current.CancellationToken);
        StreamUpdatesRequest hello = new()
        {
            Hello = new() { Courier = courier, ProducerId = "depot-1", NextSequence = 1 },
        };
        await call.RequestStream.WriteAsync(hello);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        return call.ResponseStream.Current.MessageCase;
    }

    private static async Task<StatusCode> Refusal(Task<MessageOneofCase> hello) =>
        (await Assert.ThrowsAsync<RpcException>(() => hello)).StatusCode;

    private GrpcChannel Channel(Uri address, TestCertificates.Issued? shown) =>
        GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = Handler(shown) });

    private SocketsHttpHandler Handler(TestCertificates.Issued? shown) => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificates = shown is null ? null : [shown.Certificate],
            CertificateChainPolicy = Believing(),
        },
    };

    private X509ChainPolicy Believing() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(certificates.AuthorityFile) },
        RevocationMode = X509RevocationMode.NoCheck,
    };

    // While the server changes over, a connection may be refused; that shows no certificate.
    private async Task<string> Shown(Uri address)
    {
        try
        {
            using TcpClient client = new();
            await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
            await using SslStream stream = new(client.GetStream());
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = address.Host,
                CertificateChainPolicy = Believing(),
            });
            return (stream.RemoteCertificate as X509Certificate2)?.Thumbprint ?? "";
        }
        catch (Exception refused) when (refused is SocketException or AuthenticationException or IOException)
        {
            return "";
        }
    }
}
