using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Florist.Adapters.Sql;

/// <summary>What a second process does that is to take over when the first is gone.</summary>
public static class Standby
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Waits until the storage that the settings choose has no owner. Whoever opens it then may still find that another
    /// one was faster (<see cref="OwnerLockException"/>), and can wait again.
    /// </summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="waiting">Told once, if there is an owner, which storage it is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task Wait(
        IConfiguration configuration, Action<string> waiting, CancellationToken cancellationToken)
    {
        bool told = false;
        using PeriodicTimer timer = new(RetryAfter, TimeProvider.System);
        while (IsOwned(configuration, out string name))
        {
            if (!told)
            {
                waiting(name);
                told = true;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static bool IsOwned(IConfiguration configuration, out string name)
    {
        if (StorageFeature.UsesPostgres(configuration))
        {
            PostgresOptions options = new();
            configuration.GetSection(PostgresOptions.Section).Bind(options);
            name = PostgresOwner.Named(options);
            return IsOwned(options);
        }

        SqliteOptions folder = new();
        configuration.GetSection(SqliteOptions.Section).Bind(folder);
        name = folder.DataFolder;
        using OwnerLock? free = OwnerLock.TryAcquire(folder.DataFolder);
        return free is null;
    }

    private static bool IsOwned(PostgresOptions options)
    {
        try
        {
            using PostgresOwner? free = PostgresOwner.TryAcquire(options, AtOnce);
            return free is null;
        }
        catch (NpgsqlException)
        {
            // A server that restarts or fails over is no reason to give up: that is what a standby stands by for.
            return true;
        }
    }
}
