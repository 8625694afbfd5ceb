using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Florist.Faults.Providers;

/// <summary>
/// <c>provider LEDGER CLOCK</c>: the providers of texts and e-mails, as a process that lives on when the server is
/// killed.
/// </summary>
internal static class ProviderVerb
{
    public const string Name = "provider";

    /// <summary>Serves until it is killed, or until its starter is gone.</summary>
    public static async Task<int> Run(string ledgerPath, string clockPath)
    {
        using SentLedger ledger = new(ledgerPath);
        DateTimeOffset Now() => TimeProvider.System.GetUtcNow() + Ahead(clockPath);
        using SmtpDoor smtp = new(ledger, Now);
        smtp.Open();

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication app = builder.Build();
        new SmsDoor(ledger, Now).Open(app);
        await app.StartAsync();
        await Console.Out.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"providers at {app.Urls.Single()} and smtp {smtp.Port}"));

        // Input ends with the process that started this one, however that ends.
        await Console.In.ReadToEndAsync();
        return 0;
    }

    // The server's sandbox clock runs ahead of the machine's; a provider of the same world shows the same time.
    private static TimeSpan Ahead(string clockPath) => File.Exists(clockPath)
        && long.TryParse(File.ReadAllText(clockPath), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;
}
