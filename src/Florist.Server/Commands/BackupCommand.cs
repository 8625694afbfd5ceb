using System.CommandLine;
using System.Globalization;
using Florist.Adapters.Sql;
using Grpc.Core;

namespace Florist.Server.Commands;

/// <summary><c>backup</c>: copies the database, of a running server or of a folder that nobody uses.</summary>
internal static class BackupCommand
{
    /// <summary>The verb.</summary>
    public static Command Make()
    {
        Option<FileInfo> to = new("--to")
        {
            Description = "The file that the backup becomes; it must not exist.",
            Required = true,
        };
        Option<string?> address = new("--address")
        {
            Description = "The running server whose database is copied, as http://127.0.0.1:5080.",
        };
        Option<string?> data = new("--data")
        {
            Description = "The data folder whose database is copied, while no server runs on it.",
        };
        Option<string?> token = new("--token")
        {
            Description = "A staff token for the server. Default: one signed with Auth:SigningKey of the environment, "
                + "or else with the development key.",
        };
        Command command = new(
            "backup",
            """
            Copies the database as it is after one commit, while the server goes on working. The copy holds everything,
            personal data and secret keys included; keep it accordingly. `restore` puts it back.
            """)
        {
            to,
            address,
            data,
            token,
        };
        command.SetAction((parsed, cancellationToken) => Run(
            parsed.GetRequiredValue(to).FullName,
            parsed.GetValue(address),
            parsed.GetValue(data),
            parsed.GetValue(token),
            cancellationToken));
        return command;
    }

    private static async Task<int> Run(
        string to, string? address, string? data, string? token, CancellationToken cancellationToken)
    {
        if (address is null == data is null)
        {
            return await CannotRun("Give either --address of a running server or --data of a folder.");
        }

        if (File.Exists(to))
        {
            return await CannotRun($"{to} exists already; a backup replaces nothing.");
        }

        // The name that was asked for appears only when the backup is whole.
        string unfinished = to + ".partial";
        try
        {
            if (address is not null)
            {
                await ServerBackup.Fetch(
                    new Uri(address), token ?? TokenCommand.StaffToken(), unfinished, cancellationToken);
            }
            else
            {
                FromFolder(Path.GetFullPath(data ?? ""), unfinished, cancellationToken);
            }

            File.Move(unfinished, to);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{to}: {new FileInfo(to).Length} bytes."));
            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            File.Delete(unfinished);
            return await CannotRun("Broken off; no backup was made.");
        }
        catch (RpcException failed)
        {
            File.Delete(unfinished);
            return await CannotRun($"The server makes no backup: {failed.StatusCode}: {failed.Status.Detail}");
        }
        catch (Exception refused) when (refused is OwnerLockException or UriFormatException or IOException)
        {
            File.Delete(unfinished);
            return await CannotRun(refused.Message);
        }
    }

    private static void FromFolder(string folder, string target, CancellationToken cancellationToken)
    {
        string database = new SqliteOptions { DataFolder = folder }.DatabasePath;
        if (!File.Exists(database))
        {
            throw new IOException($"There is no database {database}.");
        }

        using OwnerLock owner = OwnerLock.TryAcquire(folder) ?? throw new OwnerLockException(
            $"The data folder {folder} is in use by another process; only that process may copy its database. "
            + "Ask it, with --address.");
        SqliteCopy.Make(database, target, cancellationToken);
    }

    private static async Task<int> CannotRun(string why)
    {
        await Console.Error.WriteLineAsync(why);
        return 1;
    }
}
