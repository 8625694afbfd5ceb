using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Florist.Kernel;
using Florist.Server.Auth;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Florist.Server.Tests.Testing;

/// <summary>The whole server within the test process, on free loopback ports and a folder that goes with it.</summary>
public sealed class LocalServer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("florist-local-").FullName;
    private readonly string[] _settings;
    private WebApplication? _app;

    /// <summary>With the settings of the Development environment.</summary>
    public LocalServer()
        : this([])
    {
    }

    private LocalServer(string[] settings) => _settings = settings;

    /// <summary>Starts one with further settings, as <c>--Section:Key=value</c>.</summary>
    public static async Task<LocalServer> Start(params string[] settings)
    {
        LocalServer server = new(settings);
        await server.InitializeAsync();
        return server;
    }

    /// <summary>Where it serves, in the order of the endpoints' names.</summary>
    public IReadOnlyList<Uri> Addresses => [.. App.Urls.Select(url => new Uri(url))];

    /// <summary>What the server is made of.</summary>
    public IServiceProvider Services => App.Services;

    /// <summary>Where it serves gRPC over HTTP/2.</summary>
    public Uri Address => new(Serving.Addresses(App).Http2);

    /// <summary>Where it serves HTTP/1.1.</summary>
    public Uri Pages => new(Serving.Addresses(App).Http1);

    private WebApplication App => _app ?? throw new InvalidOperationException("It has not been started.");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Uri anyPort = new("http://127.0.0.1:0");
        ServeOptions options = new()
        {
            DataFolder = _folder,
            Http2Url = anyPort.ToString(),
            Announce = false,
            Environment = Environments.Development,
            Settings = ["--Logging:LogLevel:Default=Warning", .. _settings],
        };
        _app = Serving.Build(options, anyPort, anyPort);
        await _app.StartAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A bearer token.</summary>
    public string Token(CallerKind kind, string id) =>
        App.Services.GetRequiredService<Tokens>().Make(new Caller(kind, id, kind == CallerKind.Staff ? StaffRoles.All : StaffRoles.None), TimeSpan.FromHours(1));

    /// <summary>Sends JSON as this caller and answers the response.</summary>
    public async Task<(HttpResponseMessage Response, JsonNode? Body)> Send(
        HttpMethod method, string path, string? json = null, string? token = null, string type = "application/json")
    {
        using HttpClient client = new() { BaseAddress = Pages };
        using HttpRequestMessage request = new(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response, text.StartsWith('{') ? JsonNode.Parse(text) : null);
    }
}
