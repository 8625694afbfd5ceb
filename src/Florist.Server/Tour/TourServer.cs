namespace Florist.Server.Tour;

/// <summary>A server of the tour's own, in this process, on a folder that goes with it.</summary>
internal sealed class TourServer : IAsyncDisposable
{
    private static readonly Uri AnyPort = new("http://127.0.0.1:0");
    private readonly WebApplication app;

    private TourServer(WebApplication app, string folder)
    {
        this.app = app;
        Folder = folder;
        Address = Serving.Addresses(app).Http2;
    }

    /// <summary>Its data folder.</summary>
    public string Folder { get; }

    /// <summary>Where it serves.</summary>
    public string Address { get; }

    /// <summary>Starts it on free ports of this machine and a new temporary folder.</summary>
    /// <exception cref="TourException">It cannot start; the message says why.</exception>
    public static Task<TourServer> Start(CancellationToken cancellationToken) =>
        Start(AnyPort, Directory.CreateTempSubdirectory("florist-tour-").FullName, cancellationToken);

    /// <summary>Starts it at an address, on a folder that is removed with it, also when it does not start.</summary>
    /// <exception cref="TourException">It cannot start; the message says why.</exception>
    public static async Task<TourServer> Start(Uri address, string folder, CancellationToken cancellationToken)
    {
        ServeOptions options = new()
        {
            DataFolder = folder,
            Http2Url = address.ToString(),
            Announce = false,
            Environment = Environments.Development,
            Settings = ["--Logging:LogLevel:Default=Warning"],
        };
        WebApplication? app = null;
        try
        {
            app = Serving.Build(options, address, AnyPort);
            await app.StartAsync(cancellationToken);
            return new TourServer(app, folder);
        }
        catch (Exception refused) when (Serving.WhyNot(refused) is { } why)
        {
            await Remove(app, folder);
            throw new TourException($"its server did not start: {why}");
        }
        catch
        {
            await Remove(app, folder);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await app.StopAsync();
        }
        finally
        {
            await Remove(app, Folder);
        }
    }

    private static async Task Remove(WebApplication? app, string folder)
    {
        try
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
