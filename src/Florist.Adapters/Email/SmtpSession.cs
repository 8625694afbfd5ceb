using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Florist.Messaging;

namespace Florist.Adapters.Email;

/// <summary>
/// One connection to a submission server (RFC 5321, 3207, 4954). <see cref="Stage"/> always says how far it has come,
/// so that whoever catches a failure knows whether the message can have been taken.
/// </summary>
internal sealed class SmtpSession : IAsyncDisposable
{
    private static readonly TimeSpan QuitTimeout = TimeSpan.FromSeconds(2);

    private readonly SmtpOptions _options;
    private readonly TcpClient _client = new();
    private Dictionary<string, string> _extensions = new(StringComparer.OrdinalIgnoreCase);
    private Stream _stream = Stream.Null;
    private SmtpLines _lines = new(Stream.Null);
    private bool _protected;

    private SmtpSession(SmtpOptions options) => _options = options;

    /// <summary>The step that is under way or was the last to fail.</summary>
    public SmtpStage Stage { get; private set; }

    /// <summary>How many messages this connection has carried.</summary>
    public int MessagesSent { get; private set; }

    /// <summary>Connects, protects and authenticates.</summary>
    /// <exception cref="SmtpRefusedException">
    /// The server refused a step, or cannot do what the settings require.
    /// </exception>
    /// <exception cref="IOException">The connection broke, or the server does not speak SMTP.</exception>
    public static async Task<SmtpSession> Open(SmtpOptions options, CancellationToken cancel)
    {
        SmtpSession session = new(options);
        try
        {
            await session.Connect(cancel);
            await session.Greet(cancel);
            await session.Authenticate(cancel);
            session.Stage = SmtpStage.Idle;
            return session;
        }
        catch
        {
            session.Abort();
            throw;
        }
    }

    /// <summary>Clears whatever an earlier message left behind, and proves that the connection is alive.</summary>
    public async Task Reset(CancellationToken cancel)
    {
        Stage = SmtpStage.Idle;
        await Expect(SmtpStage.Idle, "RSET", reply => reply.IsPositive, _options.StepTimeout, cancel);
    }

    /// <summary>Hands over one message and returns the server's word on it.</summary>
    /// <exception cref="SmtpRefusedException">The server refused the sender, the recipient, or to begin.</exception>
    /// <exception cref="IOException">The connection broke; <see cref="Stage"/> says where.</exception>
    public async Task<SmtpReply> Deliver(WrittenMail mail, CancellationToken cancel)
    {
        CheckSize(mail);
        await Expect(SmtpStage.MailFrom, MailFrom(mail), reply => reply.IsPositive, _options.StepTimeout, cancel);
        string to = $"RCPT TO:<{mail.EnvelopeTo}>";
        await Expect(SmtpStage.RcptTo, to, reply => reply.IsPositive, _options.StepTimeout, cancel);
        await Expect(SmtpStage.Data, "DATA", reply => reply.Code == 354, _options.StepTimeout, cancel);

        Stage = SmtpStage.Content;
        using (Deadline content = new(_options.StepTimeout, cancel))
        {
            await _lines.WriteRaw(DotStuffing.Stuff(mail.Content.Span), content.Token);

            // The last line goes in a write of its own. If that write fails, the server lacks at least its final byte
            // and must forget the message; once it has succeeded, only the server knows.
            await _lines.WriteRaw(".\r\n"u8.ToArray(), content.Token);
        }

        Stage = SmtpStage.Verdict;
        using Deadline verdict = new(_options.VerdictTimeout, cancel);
        SmtpReply reply = await _lines.Read(verdict.Token);
        if (!reply.IsPositive && !reply.IsTransient && !reply.IsPermanent)
        {
            throw new SmtpProtocolException($"the message was answered with {reply.Code}");
        }

        Stage = SmtpStage.Idle;
        MessagesSent++;
        return reply;
    }

    /// <summary>Says goodbye if the server listens, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Stage == SmtpStage.Idle)
        {
            try
            {
                using Deadline deadline = new(QuitTimeout, CancellationToken.None);
                await _lines.Write("QUIT", deadline.Token);
                await _lines.Read(deadline.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // QUIT is a courtesy: nothing depends on its answer, and the connection is closed below in any case.
            }
        }

        Abort();
    }

    /// <summary>Closes at once.</summary>
    public void Abort()
    {
        _stream.Dispose();
        _client.Dispose();
    }

    private async Task Connect(CancellationToken cancel)
    {
        Stage = SmtpStage.Connect;
        using Deadline deadline = new(_options.ConnectTimeout, cancel);
        _client.NoDelay = true;
        await _client.ConnectAsync(_options.Host, _options.EffectivePort, deadline.Token);
        Use(_client.GetStream());
        if (_options.Security == SmtpSecurity.Tls)
        {
            await Protect(deadline.Token);
        }
    }

    private async Task Greet(CancellationToken cancel)
    {
        Stage = SmtpStage.Greeting;
        using (Deadline deadline = new(_options.StepTimeout, cancel))
        {
            SmtpReply greeting = await _lines.Read(deadline.Token);
            if (greeting.Code != 220)
            {
                throw new SmtpRefusedException(SmtpStage.Greeting, greeting);
            }
        }

        await Hello(cancel);
        bool wanted = _options.Security is SmtpSecurity.StartTls or SmtpSecurity.StartTlsWhenOffered;
        if (wanted && _extensions.ContainsKey("STARTTLS"))
        {
            await StartTls(cancel);
        }
        else if (_options.Security == SmtpSecurity.StartTls)
        {
            throw Refuse(SmtpStage.StartTls, 530, "5.7.0 STARTTLS is required but not offered");
        }
    }

    private async Task StartTls(CancellationToken cancel)
    {
        await Expect(SmtpStage.StartTls, "STARTTLS", reply => reply.Code == 220, _options.StepTimeout, cancel);
        if (_lines.HasUnread)
        {
            throw new SmtpProtocolException("the server sent plaintext after accepting STARTTLS");
        }

        using (Deadline deadline = new(_options.StepTimeout, cancel))
        {
            await Protect(deadline.Token);
        }

        // What was said before the protection counts for nothing.
        await Hello(cancel);
    }

    private async Task Hello(CancellationToken cancel)
    {
        string hello = $"EHLO {_options.EffectiveHelloName}";
        SmtpReply reply = await Expect(SmtpStage.Hello, hello, r => r.IsPositive, _options.StepTimeout, cancel);
        _extensions = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string line in reply.Lines.Skip(1))
        {
            string[] words = line.Split(' ', 2, StringSplitOptions.TrimEntries);
            _extensions[words[0]] = words.Length > 1 ? words[1] : "";
        }
    }

    private async Task Authenticate(CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(_options.UserName))
        {
            return;
        }

        Stage = SmtpStage.Authenticate;
        if (!_protected && !_options.IsLoopback)
        {
            throw Refuse(SmtpStage.Authenticate, 538, "5.7.11 a password is only sent over TLS");
        }

        string[] offered = _extensions.GetValueOrDefault("AUTH", "").Split(' ');
        string password = _options.Password ?? "";
        if (offered.Contains("PLAIN", StringComparer.OrdinalIgnoreCase))
        {
            string token = Base64($"\0{_options.UserName}\0{password}");
            string plain = $"AUTH PLAIN {token}";
            await Expect(SmtpStage.Authenticate, plain, r => r.Code == 235, _options.StepTimeout, cancel);
        }
        else if (offered.Contains("LOGIN", StringComparer.OrdinalIgnoreCase))
        {
            await Expect(SmtpStage.Authenticate, "AUTH LOGIN", r => r.Code == 334, _options.StepTimeout, cancel);
            string name = Base64(_options.UserName);
            await Expect(SmtpStage.Authenticate, name, r => r.Code == 334, _options.StepTimeout, cancel);
            await Expect(SmtpStage.Authenticate, Base64(password), r => r.Code == 235, _options.StepTimeout, cancel);
        }
        else
        {
            throw Refuse(SmtpStage.Authenticate, 504, "5.5.4 the server offers neither AUTH PLAIN nor AUTH LOGIN");
        }
    }

    private async Task Protect(CancellationToken cancel)
    {
        SslStream tls = new(_stream, leaveInnerStreamOpen: false);
        Use(tls);
        SslClientAuthenticationOptions settings = new() { TargetHost = _options.Host };
        if (!string.IsNullOrEmpty(_options.TrustedCertificateFile))
        {
            settings.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            settings.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(_options.TrustedCertificateFile);
        }

        await tls.AuthenticateAsClientAsync(settings, cancel);
        _protected = true;
    }

    private async Task<SmtpReply> Expect(
        SmtpStage stage, string command, Func<SmtpReply, bool> wanted, TimeSpan timeout, CancellationToken cancel)
    {
        Stage = stage;
        using Deadline deadline = new(timeout, cancel);
        await _lines.Write(command, deadline.Token);
        SmtpReply reply = await _lines.Read(deadline.Token);
        return wanted(reply) ? reply : throw new SmtpRefusedException(stage, reply);
    }

    private string MailFrom(WrittenMail mail)
    {
        string size = _extensions.ContainsKey("SIZE")
            ? string.Create(CultureInfo.InvariantCulture, $" SIZE={mail.Content.Length}")
            : "";
        bool eightBit = mail.Content.Span.ContainsAnyExceptInRange((byte)0, (byte)127);
        if (eightBit && !_extensions.ContainsKey("8BITMIME"))
        {
            throw new UnwritableMailException(
                SendProblem.ContentRefused, "EIGHT_BIT", "the server takes no 8-bit content");
        }

        return $"MAIL FROM:<{mail.EnvelopeFrom}>{size}{(eightBit ? " BODY=8BITMIME" : "")}";
    }

    private void CheckSize(WrittenMail mail)
    {
        bool limited = long.TryParse(
            _extensions.GetValueOrDefault("SIZE"), NumberStyles.None, CultureInfo.InvariantCulture, out long sizeMax);
        if (limited && sizeMax > 0 && mail.Content.Length > sizeMax)
        {
            throw new UnwritableMailException(
                SendProblem.ContentRefused, "TOO_LARGE", $"the server takes at most {sizeMax} bytes");
        }
    }

    private void Use(Stream stream)
    {
        _stream = stream;
        _lines = new SmtpLines(stream);
    }

    private static SmtpRefusedException Refuse(SmtpStage stage, int code, string text) =>
        new(stage, new SmtpReply(code, [text]));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
