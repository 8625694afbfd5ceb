using System.CommandLine;
using System.Diagnostics;
using Florist.Adapters.Sql;
using Florist.Imports;

namespace Florist.Server.Commands;

/// <summary><c>import</c>: brings customers and their purchases in from a file.</summary>
internal static class ImportCommand
{
    private const int NamedMax = 20;

    /// <summary>Exit code when the run finished, but lines were rejected or customers failed.</summary>
    private const int Incomplete = 2;

    /// <summary>The verb, with one verb a format below it.</summary>
    public static Command Make() => new("import", "Brings customers and their purchases in from a file.") { Cdnow() };

    private static Command Cdnow()
    {
        Argument<FileInfo> file = new("FILE")
        {
            Description = "Lines of customer, date (yyyymmdd), units and dollars, as of the CDNOW data set.",
        };
        Option<string?> address = new("--address")
        {
            Description = "The running server to import into, as http://127.0.0.1:5080.",
        };
        Option<string?> data = new("--data")
        {
            Description = "The data folder to import into while no server runs on it.",
        };
        Option<string?> token = new("--token")
        {
            Description = "A staff token for the server. Default: one signed with the development key.",
        };
        Command command = new(
            "cdnow",
            """
            Imports purchase histories. Broken off, it is carried on by running it again: what is there already is
            recognised, and a second run changes nothing. Exit code 0: all of it is in; 2: some lines or customers could
            not be taken, and are named; 1: it could not run.
            """)
        {
            file,
            address,
            data,
            token,
        };
        command.SetAction((parsed, cancellationToken) => Run(
            parsed.GetRequiredValue(file),
            parsed.GetValue(address),
            parsed.GetValue(data),
            parsed.GetValue(token),
            cancellationToken));
        return command;
    }

    private static async Task<int> Run(
        FileInfo file, string? address, string? data, string? token, CancellationToken cancellationToken)
    {
        if (address is null == data is null)
        {
            return await CannotRun("Give either --address of a running server or --data of a folder.");
        }

        if (!file.Exists)
        {
            return await CannotRun($"There is no file {file.FullName}.");
        }

        try
        {
            ImportReport report = address is null
                ? await IntoFolder(file, Path.GetFullPath(data ?? ""), cancellationToken)
                : await IntoServer(file, address, token, cancellationToken);
            return Conclude(report);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return await CannotRun("Broken off. What was imported stays; run the same command again to carry on.");
        }
        catch (Exception refused) when (refused is OwnerLockException or MigrationException
            or StorageUnreachableException or ImportTargetUnavailableException or ImportRefusedException
            or UriFormatException or IOException)
        {
            return await CannotRun(refused.Message);
        }
    }

    private static async Task<ImportReport> IntoServer(
        FileInfo file, string address, string? token, CancellationToken cancellationToken)
    {
        using ServerImportTarget target = new(new Uri(address), token ?? TokenCommand.StaffToken());
        return await Run(file, target, cancellationToken);
    }

    private static async Task<ImportReport> IntoFolder(
        FileInfo file, string folder, CancellationToken cancellationToken)
    {
        using IHost host = Serving.BuildWithoutEdge(folder);
        await host.StartAsync(cancellationToken);
        try
        {
            return await Run(file, host.Services.GetRequiredService<GrainImportTarget>(), cancellationToken);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    private static async Task<ImportReport> Run(
        FileInfo file, IImportTarget target, CancellationToken cancellationToken)
    {
        using StreamReader stream = file.OpenText();
        ImportProgressBar progress = new(File.ReadLines(file.FullName).LongCount());
        ImportRun run = new(target, CdnowReader.Source, CdnowReader.Country, TimeProvider.System);
        long start = Stopwatch.GetTimestamp();
        ImportReport report = await run.Run(CdnowReader.Read(stream, cancellationToken), progress, cancellationToken);
        progress.Finish(Stopwatch.GetElapsedTime(start));
        return report;
    }

    private static int Conclude(ImportReport report)
    {
        Console.WriteLine(
            $"{report.Lines} lines: {report.PurchasesAdded} purchases added; {report.Customers} customers: "
            + $"{report.Created} created, {report.Updated} updated, {report.Unchanged} unchanged, "
            + $"{report.CustomersFailed} failed; {report.LinesRejected} lines rejected.");
        foreach (ImportLine line in report.Rejected.Take(NamedMax))
        {
            Console.Error.WriteLine($"line {line.Number}: {line.Mistake}");
        }

        foreach (ImportResult failed in report.Failed.Take(NamedMax))
        {
            Console.Error.WriteLine($"{failed.Customer.Name}: {failed.Failure?.Reason}: {failed.Failure?.Text}");
        }

        int unnamed = Math.Max(0, report.LinesRejected - NamedMax) + Math.Max(0, report.CustomersFailed - NamedMax);
        if (unnamed > 0)
        {
            Console.Error.WriteLine($"and {unnamed} more");
        }

        return report.IsClean ? 0 : Incomplete;
    }

    private static async Task<int> CannotRun(string why)
    {
        await Console.Error.WriteLineAsync(why);
        return 1;
    }
}
