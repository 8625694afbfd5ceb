using System.CommandLine;
using Florist.Adapters.Sql;

namespace Florist.Server.Commands;

/// <summary>
/// <c>migrate</c>: brings the database up to this version and says what it did. <c>serve</c> does it by itself.
/// </summary>
internal static class MigrateCommand
{
    /// <summary>The verb.</summary>
    public static Command Make()
    {
        Option<string> data = new("--data")
        {
            Description = "Folder of the database; made when missing.",
            DefaultValueFactory = _ => "./data",
        };
        Command command = new(
            "migrate", """
            Brings the database up to this version, while no server runs on it. Any setting can be given as
            --Section:Key=value, so --Storage:ConnectionString=… for PostgreSQL.
            """) { data };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellationToken) =>
            Run(Path.GetFullPath(parsed.GetValue(data) ?? "./data"), parsed.UnmatchedTokens, cancellationToken));
        return command;
    }

    private static async Task<int> Run(
        string folder, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        if (Settings.Unknown(settings) is { } unknown)
        {
            await Console.Error.WriteLineAsync($"Unrecognised argument '{unknown}'. See --help.");
            return 1;
        }

        try
        {
            HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Configuration.AddInMemoryCollection(Serving.FolderSettings(folder));
            builder.Configuration.AddEnvironmentVariables();
            builder.Configuration.AddCommandLine([.. settings]);
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
            builder.Services.AddStorage(builder.Configuration);
            using IHost host = builder.Build();

            // Opening the database is what brings it up to date; each step is logged.
            await host.StartAsync(cancellationToken);
            await host.StopAsync(cancellationToken);
            Console.WriteLine("The database is up to date.");
            return 0;
        }
        catch (Exception refused) when (refused is OwnerLockException or MigrationException
            or StorageUnreachableException)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return 1;
        }
    }
}
