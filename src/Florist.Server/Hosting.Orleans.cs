using System.Net;
using System.Net.Sockets;
using Florist.Adapters.Sql;
using Florist.Kernel;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Florist.Server;

/// <summary>
/// The grain host of a cluster: a silo, or a gateway that calls the silos. Its twin <c>Hosting.InProcess.cs</c> runs
/// all grains in one process and is what an ordinary build uses.
/// </summary>
internal static class Hosting
{
    private const string ConnectionSetting = "Storage:ConnectionString";
    private const string Provider = "Npgsql";

    /// <summary>Adds the grain host. Storage goes before it, so that it is open when grains start.</summary>
    /// <exception cref="HostRoleException">
    /// The process is to have a part only, and there is no database in which a cluster could meet.
    /// </exception>
    public static void AddGrainHost(this IHostApplicationBuilder builder)
    {
        HostRole role = HostRoles.Of(builder.Configuration);
        SiloSettings settings = SiloSettings.Of(builder.Configuration);
        string connection = Pooled(builder.Configuration[ConnectionSetting], settings);
        if (role != HostRole.All && connection.Length == 0)
        {
            throw new HostRoleException(
                $"the role '{role.ToString().ToLowerInvariant()}' takes a cluster, which meets in PostgreSQL: set "
                + ConnectionSetting);
        }

        // Silos write one database together; a grain that two of them activated is guarded by its state's version.
        builder.Services.Configure<PostgresOptions>(options => options.Shared = true);
        if (connection.Length > 0)
        {
            // Nobody owns the database of a cluster: versions fence the states, and the shards share the wake-ups.
            builder.Configuration["Storage:Shared"] = "true";
            builder.Configuration["Engine:Shared"] = "true";
        }

        builder.Services.AddMachineClock();

        // What the packages say about each step of placing a grain would drown everything else.
        builder.Logging.AddFilter("Polly", LogLevel.Warning);
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);

        // Advice about the garbage collector, and a watchdog whose first look counts from when the machine started.
        builder.Logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        if (role == HostRole.Gateway)
        {
            // Nothing runs by itself beside the grains: waking them and emptying the outbox is for the silos.
            builder.Configuration["Engine:Background"] = "false";
            builder.UseOrleansClient(client => Configure(client, settings, connection));
        }
        else if (connection.Length == 0)
        {
            builder.UseOrleans(silo => ConfigureAlone(silo, settings));
        }
        else
        {
            builder.UseOrleans(silo => Configure(silo, settings, connection));
        }
    }

    private static void Configure(ISiloBuilder silo, SiloSettings settings, string connection)
    {
        silo.UseAdoNetClustering(clustering =>
        {
            clustering.Invariant = Provider;
            clustering.ConnectionString = connection;
        });
        silo.UseAdoNetReminderService(reminders =>
        {
            reminders.Invariant = Provider;
            reminders.ConnectionString = connection;
        });
        if (settings.Address is { } address)
        {
            silo.ConfigureEndpoints(address, settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: true);
        }
        else
        {
            silo.ConfigureEndpoints(settings.SiloPort, settings.GatewayPort);
        }

        silo.Services.Configure<ClusterOptions>(cluster => Name(cluster, settings));
        silo.Services.Configure<EngineOptions>(engine => engine.Shared = true);
        ConfigureGrains(silo, settings);
    }

    // All wake-up shards register at once when a silo starts: without a limit each would open a connection.
    private static string Pooled(string? connection, SiloSettings settings) => string.IsNullOrWhiteSpace(connection)
        ? ""
        : new NpgsqlConnectionStringBuilder(connection) { MaxPoolSize = settings.ConnectionsMax }.ConnectionString;

    // A database file belongs to one process, so its silo is a cluster of one on free ports of this machine.
    private static void ConfigureAlone(ISiloBuilder silo, SiloSettings settings)
    {
        (int siloPort, int gatewayPort) = FreePorts();
        silo.UseLocalhostClustering(
            siloPort, gatewayPort, primarySiloEndpoint: null, settings.ServiceId, settings.ClusterId);
        silo.UseInMemoryReminderService();
        ConfigureGrains(silo, settings);
    }

    private static void ConfigureGrains(ISiloBuilder silo, SiloSettings settings)
    {
        silo.Services.AddWireForm(typeof(Fault).Assembly);
        silo.Services.Configure<GrainCollectionOptions>(
            collection => collection.CollectionAge = TimeSpan.FromMinutes(settings.IdleMinutes));
        silo.Services.Configure<SiloMessagingOptions>(messaging =>
        {
            messaging.ResponseTimeout = TimeSpan.FromSeconds(settings.ResponseSeconds);
            messaging.MaxEnqueuedRequestsHardLimit = settings.WaitingCallsMax;
        });
    }

    private static void Configure(IClientBuilder client, SiloSettings settings, string connection)
    {
        client.UseAdoNetClustering(clustering =>
        {
            clustering.Invariant = Provider;
            clustering.ConnectionString = connection;
        });
        client.UseConnectionRetryFilter(async (_, cancellationToken) =>
        {
            // A gateway may start before the first silo; it waits as long as whoever started it allows.
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
            return true;
        });
        client.Services.Configure<ClusterOptions>(cluster => Name(cluster, settings));
        client.Services.Configure<ClientMessagingOptions>(
            messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(settings.ResponseSeconds));
        client.Services.AddWireForm(typeof(Fault).Assembly);
    }

    private static void Name(ClusterOptions cluster, SiloSettings settings)
    {
        cluster.ClusterId = settings.ClusterId;
        cluster.ServiceId = settings.ServiceId;
    }

    // Both are held until both are known, so that they differ.
    private static (int Silo, int Gateway) FreePorts()
    {
        using TcpListener silo = new(IPAddress.Loopback, 0);
        using TcpListener gateway = new(IPAddress.Loopback, 0);
        silo.Start();
        gateway.Start();
        return (((IPEndPoint)silo.LocalEndpoint).Port, ((IPEndPoint)gateway.LocalEndpoint).Port);
    }
}
