namespace Florist.Server.Tour;

/// <summary>A server of the tour's own, in this process, on a folder that goes with it.</summary>
internal sealed class TourServer : IAsyncDisposable
{
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

    /// <summary>Starts it on free ports of this machine.</summary>
    public static async Task<TourServer> Start(CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("florist-tour-").FullName;
        Uri anyPort = new("http://127.0.0.1:0");
        ServeOptions options = new()
        {
            DataFolder = folder,
            Http2Url = anyPort.ToString(),
            Announce = false,
            Environment = Environments.Development,
            Settings = ["--Logging:LogLevel:Default=Warning"],
        };
        WebApplication app = Serving.Build(options, anyPort, anyPort);
        await app.StartAsync(cancellationToken);
        return new TourServer(app, folder);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
