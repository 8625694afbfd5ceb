using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Florist.Faults.Providers;

namespace Florist.Faults.Processes;

/// <summary>The providers of texts and e-mails in a process of their own.</summary>
internal sealed partial class ProvidersProcess : IDisposable
{
    private readonly Process process;
    private readonly string ledger;

    private ProvidersProcess(Process process, string ledger, Match announced)
    {
        this.process = process;
        this.ledger = ledger;
        SmsUrl = announced.Groups["sms"].Value;
        SmtpPort = announced.Groups["smtp"].Value;
    }

    public string SmsUrl { get; }

    public string SmtpPort { get; }

    /// <summary>What they have accepted.</summary>
    public ImmutableArray<SentMessage> Sent => SentLedger.Read(ledger);

    /// <summary>Starts them.</summary>
    /// <param name="ledger">Where they note what they accept.</param>
    /// <param name="clock">The file of the server's sandbox clock.</param>
    public static async Task<ProvidersProcess> Start(string ledger, string clock)
    {
        Process process = new()
        {
            StartInfo = new ProcessStartInfo(
                "dotnet", [typeof(ProvidersProcess).Assembly.Location, ProviderVerb.Name, ledger, clock])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            },
        };
        process.Start();
        string said = await process.StandardOutput.ReadLineAsync() ?? "";
        return Announcement().Match(said) is { Success: true } announced
            ? new ProvidersProcess(process, ledger, announced)
            : throw new InvalidOperationException($"the providers did not start: {said}");
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    [GeneratedRegex(@"^providers at (?<sms>\S+) and smtp (?<smtp>\d+)$")]
    private static partial Regex Announcement();
}
