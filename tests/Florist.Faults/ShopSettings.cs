using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Florist.Faults.Checks;
using Florist.Faults.Processes;
using Florist.Faults.Providers;

namespace Florist.Faults;

/// <summary>Settings of servers that are to be hurt.</summary>
internal static class ShopSettings
{
    /// <summary>Providers of another process, and waits so short that a run ends soon.</summary>
    /// <param name="providers">The providers of texts and e-mails.</param>
    /// <param name="payments">Where the payment provider of this server notes what it does.</param>
    public static ImmutableArray<string> Of(ProvidersProcess providers, string payments) =>
    [
        // The load orders for one day, which shall not be what ends a run.
        "--Stock:SlotCapacity=100000",
        $"--Sms:Twilio:AccountSid={SmsDoor.AccountSid}", "--Sms:Twilio:AuthToken=12345",
        "--Sms:Twilio:From=+15005550006", $"--Sms:Twilio:BaseUrl={providers.SmsUrl}",
        $"--Sms:Twilio:StatusCallback={providers.SmsUrl}/status",
        "--Email:Smtp:Host=127.0.0.1", $"--Email:Smtp:Port={providers.SmtpPort}", "--Email:Smtp:Security=None",
        "--Email:FromAddress=shop@florist.example", $"--Payments:Ledger={payments}",

        // What a crash leaves open is asked for soon, and nights are not quiet, so that a run ends soon.
        "--Messaging:SendTimeout=00:00:04", "--Messaging:AskAfter=00:00:05",
        "--Messaging:QuietFrom=03:00:00", "--Messaging:QuietUntil=03:00:01",
        "--Engine:PollMsMin=50", "--Engine:PollMsMax=250", "--Engine:BackOffMsMin=100",
    ];

    /// <summary>What a payment provider has noted; a line that a killed process did not finish was never done.</summary>
    public static ImmutableArray<Payment> PaymentsOf(string path) => !File.Exists(path)
        ? []
        : [.. ReadShared(path).Split('\n')[..^1].Select(line =>
            JsonSerializer.Deserialize<Payment>(line, JsonSerializerOptions.Web) ?? throw new InvalidDataException(line))];

    /// <summary>A port of the loopback that nobody listens at; another process could still be quicker to take it.</summary>
    public static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static string ReadShared(string path)
    {
        using FileStream shared = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(shared);
        return reader.ReadToEnd();
    }
}
