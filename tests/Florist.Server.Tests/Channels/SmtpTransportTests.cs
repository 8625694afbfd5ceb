using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Florist.Adapters.Email;
using Florist.Messaging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Florist.Server.Tests.Channels;

/// <summary>The SMTP transport against a server that we did not write.</summary>
public sealed class SmtpTransportTests : IDisposable
{
    private static readonly string[] NoTls = ["STARTTLS"];
    private static readonly string[] NoAuth = ["AUTH"];
    private static readonly Mailbox Shop = new("shop@florist.example", "Florist");
    private readonly string _folder = Directory.CreateTempSubdirectory("florist-smtp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(SmtpSecurity.StartTls, "PLAIN")]
    [InlineData(SmtpSecurity.StartTls, "LOGIN")]
    [InlineData(SmtpSecurity.StartTlsWhenOffered, "PLAIN")]
    [InlineData(SmtpSecurity.Tls, "LOGIN")]
    public async Task A_message_arrives_byte_for_byte_over_a_protected_and_authenticated_connection(
        SmtpSecurity security, string method)
    {
        SmtpPeerSettings settings = WithCertificate("localhost") with
        {
            Secure = security == SmtpSecurity.Tls,
            AuthMethods = [method],
        };
        await using SmtpPeer peer = await SmtpPeer.Start(settings);
        await using SmtpTransport transport = Transport(peer, options =>
        {
            options.Security = security;
            options.TrustedCertificateFile = settings.Cert;
        });
        OutgoingEmail email = Email("ana") with { Subject = "Grüße 🌷", Text = ".\n..\nFrom me\n" + new string('ü', 1000) };

        SendOutcome outcome = await transport.Send(email, CancellationToken.None);

        Assert.Equal((SendKind.Accepted, "<m-ana@florist.example>"), (outcome.Kind, outcome.ProviderId));
        Assert.Equal("connected", (await peer.Next()).Kind);
        SmtpPeerLine taken = await peer.Next();
        Assert.Equal(
            ("taken", "shop@florist.example", "ana@customer.example", "shop", true),
            (taken.Kind, taken.From, taken.To, taken.User, taken.Secure));
        Assert.Equal(
            MimeWriter.Write(email, Shop, null).Content.ToArray(), Convert.FromBase64String(taken.Content ?? ""));
    }

    [Theory]
    [InlineData("unknown", SendKind.Rejected, SendProblem.InvalidAddress, "550")]
    [InlineData("full", SendKind.Deferred, SendProblem.Throttled, "452")]
    [InlineData("spam", SendKind.Rejected, SendProblem.ContentRefused, "554")]
    [InlineData("later", SendKind.Deferred, SendProblem.Unavailable, "451")]
    [InlineData("cut", SendKind.Uncertain, SendProblem.None, "CONNECTION_LOST")]
    public async Task A_refusal_is_understood_and_the_next_message_is_taken(
        string local, SendKind kind, SendProblem problem, string code)
    {
        await using SmtpPeer peer = await SmtpPeer.Start(new SmtpPeerSettings { Disabled = NoTls });
        await using SmtpTransport transport = Transport(peer, options => options.Security = SmtpSecurity.None);

        SendOutcome refused = await transport.Send(Email(local), CancellationToken.None);
        SendOutcome next = await transport.Send(Email("ana"), CancellationToken.None);

        Assert.Equal((kind, problem, code), (refused.Kind, refused.Problem, refused.Code));
        Assert.Equal(SendKind.Accepted, next.Kind);
    }

    [Fact]
    public async Task One_connection_carries_several_messages()
    {
        await using SmtpPeer peer = await SmtpPeer.Start(new SmtpPeerSettings { Disabled = NoTls });
        await using SmtpTransport transport = Transport(peer, options => options.Security = SmtpSecurity.None);

        foreach (string local in (string[])["ana", "ben", "cleo"])
        {
            Assert.Equal(SendKind.Accepted, (await transport.Send(Email(local), CancellationToken.None)).Kind);
        }

        foreach (string kind in (string[])["connected", "taken", "taken", "taken"])
        {
            Assert.Equal(kind, (await peer.Next()).Kind);
        }
    }

    [Theory]
    [InlineData("stranger@florist.example", "pässword", "550")]
    [InlineData("shop@florist.example", "wrong", "535")]
    public async Task A_sender_or_account_that_is_refused_waits_for_a_person(string from, string password, string code)
    {
        await using SmtpPeer peer = await SmtpPeer.Start(new SmtpPeerSettings { Disabled = NoTls });
        await using SmtpTransport transport = Transport(peer, options =>
        {
            options.Security = SmtpSecurity.None;
            options.Password = password;
        });

        SendOutcome outcome = await transport.Send(
            Email("ana") with { From = new Mailbox(from) }, CancellationToken.None);

        Assert.Equal(
            (SendKind.Deferred, SendProblem.Configuration, code), (outcome.Kind, outcome.Problem, outcome.Code));
    }

    [Fact]
    public async Task A_server_that_wants_an_account_we_have_not_waits_for_a_person()
    {
        await using SmtpPeer peer = await SmtpPeer.Start(new SmtpPeerSettings { Disabled = NoTls });
        await using SmtpTransport transport = Transport(peer, options =>
        {
            options.Security = SmtpSecurity.None;
            options.UserName = "";
        });

        SendOutcome outcome = await transport.Send(Email("ana"), CancellationToken.None);

        Assert.Equal(
            (SendKind.Deferred, SendProblem.Configuration, "530"), (outcome.Kind, outcome.Problem, outcome.Code));
    }

    [Theory]
    [InlineData("localhost", false)]
    [InlineData("other.example", true)]
    public async Task A_certificate_not_trusted_or_for_another_host_waits_for_a_person(string name, bool trusted)
    {
        SmtpPeerSettings settings = WithCertificate(name);
        await using SmtpPeer peer = await SmtpPeer.Start(settings);
        await using SmtpTransport transport =
            Transport(peer, options => options.TrustedCertificateFile = trusted ? settings.Cert : null);

        SendOutcome outcome = await transport.Send(Email("ana"), CancellationToken.None);

        Assert.Equal(
            (SendKind.Deferred, SendProblem.Configuration, "TLS_FAILED"),
            (outcome.Kind, outcome.Problem, outcome.Code));
    }

    [Theory]
    [InlineData(SmtpSecurity.StartTls, SendKind.Deferred)]
    [InlineData(SmtpSecurity.StartTlsWhenOffered, SendKind.Accepted)]
    public async Task Without_an_offer_of_tls_the_settings_decide(SmtpSecurity security, SendKind kind)
    {
        await using SmtpPeer peer = await SmtpPeer.Start(
            new SmtpPeerSettings { Disabled = [.. NoTls, .. NoAuth], AuthOptional = true });
        await using SmtpTransport transport = Transport(peer, options =>
        {
            options.Security = security;
            options.UserName = "";
        });

        Assert.Equal(kind, (await transport.Send(Email("ana"), CancellationToken.None)).Kind);
    }

    [Fact]
    public async Task A_message_above_the_announced_size_is_rejected()
    {
        await using SmtpPeer peer = await SmtpPeer.Start(new SmtpPeerSettings { Disabled = NoTls, Size = 2000 });
        await using SmtpTransport transport = Transport(peer, options => options.Security = SmtpSecurity.None);

        SendOutcome small = await transport.Send(Email("ana"), CancellationToken.None);
        SendOutcome large = await transport.Send(
            Email("ana") with { Text = new string('a', 3000) }, CancellationToken.None);

        Assert.Equal(SendKind.Accepted, small.Kind);
        Assert.Equal((SendKind.Rejected, "TOO_LARGE"), (large.Kind, large.Code));
    }

    private static OutgoingEmail Email(string local) => new()
    {
        MessageKey = $"m-{local}",
        To = new Mailbox($"{local}@customer.example"),
        Subject = "Your flowers",
        Text = "Hello",
        Html = "<p>Hello</p>",
        Date = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero),
    };

    private static SmtpTransport Transport(SmtpPeer peer, Action<SmtpOptions> change)
    {
        EmailOptions options = new()
        {
            FromAddress = Shop.Address,
            FromName = Shop.DisplayName ?? "",
            Smtp = { Host = "localhost", Port = peer.Port, UserName = "shop", Password = "pässword" },
        };
        change(options.Smtp);
        return new SmtpTransport(Options.Create(options), NullLogger<SmtpTransport>.Instance);
    }

    private SmtpPeerSettings WithCertificate(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        string keyFile = Path.Combine(_folder, "key.pem");
        string certificateFile = Path.Combine(_folder, "certificate.pem");
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        return new SmtpPeerSettings { Key = keyFile, Cert = certificateFile };
    }
}
