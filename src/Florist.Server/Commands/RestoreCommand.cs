using System.CommandLine;
using System.Globalization;
using Florist.Adapters.Sql;

namespace Florist.Server.Commands;

/// <summary><c>restore</c>: makes a backup the database of a folder that no server uses.</summary>
internal static class RestoreCommand
{
    /// <summary>The verb.</summary>
    public static Command Make()
    {
        Option<FileInfo> from = new("--from")
        {
            Description = "The backup. It is only read.",
            Required = true,
        };
        Option<string> data = new("--data")
        {
            Description = "The data folder that shall have it; made when missing.",
            Required = true,
        };
        Option<bool> force = new("--force")
        {
            Description = "Replace the database of a folder that is not empty. The replaced one is kept beside it.",
        };
        Command command = new(
            "restore",
            """
            Makes a backup the database of a folder, after checking all of it and bringing it up to date. What was
            committed after the backup is gone. Messages that may have gone out since are looked up at their provider
            before they are sent.
            """)
        {
            from,
            data,
            force,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(from).FullName,
            Path.GetFullPath(parsed.GetRequiredValue(data)),
            parsed.GetValue(force)));
        return command;
    }

    // The mark that a restore leaves is compared with when things occurred, by the clock that the server will have.
    private static TimeProvider ProductClock(string folder) =>
        Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") == Environments.Development
            ? SandboxClockFile.Open(folder)
            : TimeProvider.System;

    private static int Run(string from, string folder, bool force)
    {
        using ILoggerFactory logging = LoggerFactory.Create(builder =>
            builder.AddSimpleConsole(console => console.SingleLine = true));
        SqliteRestore restore = new(
            new SqliteOptions { DataFolder = folder }, ProductClock(folder), logging.CreateLogger<SqliteRestore>());
        try
        {
            RestoreReport report = restore.Run(from, force);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{folder} holds the backup: {report.States} states, {report.WakeUps} wake-ups, "
                + $"{report.Messages} messages to hand over; owner epoch {report.Epoch}."));
            if (report.Kept is { } kept)
            {
                Console.WriteLine($"The database that was there is in {kept}.");
            }

            return 0;
        }
        catch (Exception refused) when (refused is OwnerLockException or RestoreException or MigrationException
            or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(refused.Message);
            return 1;
        }
    }
}
