using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Florist.Adapters.Sql;
using Florist.Catalogue;
using Florist.Kernel;
using Florist.Sandbox;
using Florist.Server.Auth;
using Florist.Server.Telemetry;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Florist.Server;

/// <summary>Builds the server and runs it.</summary>
internal static class Serving
{
    // It would print the stack of a failed start, whose reason is told to the caller in words.
    private const string HostLog = "Microsoft.Extensions.Hosting.Internal.Host";

    // Where a setting comes from that is not of its type, as a word for a number.
    private const string Binder = "Microsoft.Extensions.Configuration.Binder";

    // Endpoints that cannot be had as the settings say, as TLS without a certificate.
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel.Core";

    /// <summary>Serves until stopped.</summary>
    /// <returns>The exit code: 0 after an ordinary stop, 1 when it could not start.</returns>
    public static async Task<int> Run(ServeOptions options, CancellationToken cancellationToken)
    {
        if (!options.TryGetEndpoints(out Uri? http2, out Uri? http1, out string problem))
        {
            await Console.Error.WriteLineAsync(problem);
            return 1;
        }

        try
        {
            return await Serve(options, http2, http1, cancellationToken);
        }
        catch (Exception refused) when (WhyNot(refused) is { } why)
        {
            await Console.Error.WriteLineAsync(why);
            return 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Told to stop while it waited or started.
            return 0;
        }
    }

    /// <summary>A server that is ready to be started.</summary>
    public static WebApplication Build(ServeOptions options, Uri http2, Uri http1)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            ApplicationName = typeof(Serving).Assembly.GetName().Name,
            EnvironmentName = options.Environment,
        });
        builder.Configuration.AddInMemoryCollection(Defaults(options.DataFolder, builder.Environment));
        builder.Configuration.AddEnvironmentVariables();
        builder.Configuration.AddCommandLine([.. options.Settings]);
        builder.Logging.ClearProviders();
        builder.AddTelemetry();
        builder.Logging.AddFilter(HostLog, LogLevel.None);
        builder.Services.AddSingleton(ProductClock(options.DataFolder, builder.Environment));
        builder.AddFlorist();
        bool hasEndpoints = HasEndpoints(builder.Configuration);
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, hasEndpoints ? [] : [http2, http1]));
        return HostRoles.Of(builder.Configuration) == HostRole.Silo ? BuildSilo(builder) : BuildWithEdge(builder);
    }

    /// <summary>Everything but the edge: for verbs that work on a folder while no server runs on it.</summary>
    public static IHost BuildWithoutEdge(string folder)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(FolderSettings(folder));
        builder.Configuration.AddEnvironmentVariables();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.AddFilter(HostLog, LogLevel.None);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddFlorist();
        return builder.Build();
    }

    /// <summary>Where the running server listens for HTTP/2 and for HTTP/1.1.</summary>
    public static (string Http2, string Http1) Addresses(WebApplication app)
    {
        string[] addresses = [.. app.Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>().Addresses];
        return (addresses[0], addresses[^1]);
    }

    // Endpoints of the settings, which may have TLS, are listened at instead of those of the command line.
    private static bool HasEndpoints(IConfiguration configuration) =>
        configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();

    private static WebApplication BuildWithEdge(WebApplicationBuilder builder)
    {
        builder.AddEdge();
        WebApplication app = builder.Build();
        app.MapFlorist();
        return app;
    }

    private static WebApplication BuildSilo(WebApplicationBuilder builder)
    {
        WebApplication app = builder.Build();
        app.MapPages();
        return app;
    }

    private static async Task<int> Serve(
        ServeOptions options, Uri http2, Uri http1, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (options.Standby)
            {
                await Standby.Wait(
                    StorageSettings(options),
                    storage => Console.WriteLine($"Standing by: {storage} belongs to another process."),
                    cancellationToken);
            }

            await using WebApplication app = Build(options, http2, http1);
            app.Lifetime.ApplicationStopping.Register(() => CrashPoint.Hit(CrashPoint.ServerDrain));
            try
            {
                await app.StartAsync(cancellationToken);
            }
            catch (OwnerLockException) when (options.Standby)
            {
                // Another standby was faster.
                continue;
            }

            CrashPoint.Hit(CrashPoint.ServerStarted);
            await Announce(app, options);
            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        }
    }

    private static IConfigurationRoot StorageSettings(ServeOptions options) => new ConfigurationBuilder()
        .AddInMemoryCollection(FolderSettings(options.DataFolder))
        .AddEnvironmentVariables()
        .AddCommandLine([.. options.Settings])
        .Build();

    /// <summary>Settings that put everything into one folder.</summary>
    public static Dictionary<string, string?> FolderSettings(string folder) => new()
    {
        ["Sqlite:DataFolder"] = folder,
        ["Email:Folder"] = Path.Combine(folder, "mail"),
        ["Sms:LogFile"] = Path.Combine(folder, "sms.log"),
        ["Proofs:Folder"] = Path.Combine(folder, "proofs"),
    };

    private static Dictionary<string, string?> Defaults(string folder, IHostEnvironment environment)
    {
        Dictionary<string, string?> defaults = FolderSettings(folder);
        defaults["Logging:LogLevel:Microsoft"] = "Warning";
        defaults["Logging:LogLevel:System"] = "Warning";
        if (environment.IsDevelopment())
        {
            defaults["Auth:SigningKey"] = AuthOptions.DevelopmentSigningKey;
        }

        return defaults;
    }

    private static TimeProvider ProductClock(string folder, IHostEnvironment environment) =>
        environment.IsDevelopment() ? SandboxClockFile.Open(folder) : TimeProvider.System;

    // HTTP/2 without TLS cannot be negotiated, so each protocol has a port of its own.
    private static void Listen(KestrelServerOptions kestrel, Uri[] urls)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        if (urls is [Uri http2, Uri http1])
        {
            Listen(kestrel, http2, HttpProtocols.Http2);
            Listen(kestrel, http1, HttpProtocols.Http1);
        }
    }

    private static void Listen(KestrelServerOptions kestrel, Uri url, HttpProtocols protocols)
    {
        void Configure(ListenOptions listen) => listen.Protocols = protocols;
        if (IPAddress.TryParse(url.Host.Trim('[', ']'), out IPAddress? address))
        {
            kestrel.Listen(address, url.Port, Configure);
        }
        else if (url.Host == "localhost" && url.Port != 0)
        {
            kestrel.ListenLocalhost(url.Port, Configure);
        }
        else if (url.Host == "localhost")
        {
            kestrel.Listen(IPAddress.Loopback, 0, Configure);
        }
        else
        {
            kestrel.ListenAnyIP(url.Port, Configure);
        }
    }

    private static async Task Announce(WebApplication app, ServeOptions options)
    {
        ServerLog.Serving(app.Logger, options.DataFolder);
        if (!options.Announce)
        {
            return;
        }

        (string http2, string http1) = Addresses(app);
        if (HostRoles.Of(app.Configuration) == HostRole.Silo)
        {
            await Console.Out.WriteLineAsync($"Florist runs grains of a cluster, and pages at {http1} (HTTP/1.1).");
            return;
        }

        if (HasEndpoints(app.Configuration))
        {
            await Console.Out.WriteLineAsync($"""

                Florist serves at {string.Join(", ", app.Urls)}.
                Data, mail and texts: {options.DataFolder}

                Press Ctrl+C to stop.
                """);
            return;
        }

        await Console.Out.WriteLineAsync($"""

            Florist serves gRPC at {http2} (HTTP/2) and pages at {http1} (HTTP/1.1).
            Data, mail and texts: {options.DataFolder}

            Try, in another terminal:
              dotnet run --project src/Florist.Server -- tour --address {http2}
              dotnet run --project src/Florist.Server -- token --as staff

            Press Ctrl+C to stop.
            """);
    }

    /// <summary>
    /// Why a server did not start, in words for its operator; null when it is a bug, which keeps its stack.
    /// </summary>
    public static string? WhyNot(Exception refused) => refused switch
    {
        OptionsValidationException options => "The settings are not valid:\n  " + string.Join("\n  ", options.Failures),
        AggregateException several when several.InnerExceptions.All(one => WhyNot(one) is not null) =>
            string.Join('\n', several.InnerExceptions.Select(WhyNot)),
        InvalidOperationException { Source: Binder or Kestrel } => refused.Message,
        CryptographicException => "A certificate or key cannot be read: " + refused.Message,
        OwnerLockException or MigrationException or RestoreException or StorageUnreachableException
            or HostRoleException or CatalogueException => refused.Message,
        IOException or SocketException or UnauthorizedAccessException => refused.Message,
        _ => null,
    };
}
