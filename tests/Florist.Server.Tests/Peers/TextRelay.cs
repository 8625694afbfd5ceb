using System.Net.Http.Headers;
using System.Threading.Channels;
using Florist.Server.Tests.Channels;
using Florist.Server.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Florist.Server.Tests.Peers;

/// <summary>A text message as it was posted, and what the contract says of the request.</summary>
/// <param name="To">The number.</param>
/// <param name="Body">The text.</param>
/// <param name="Status">The HTTP status of the answer; 201 for a lawful request.</param>
internal sealed record PostedText(string To, string Body, int Status);

/// <summary>Stands before Prism, which does not tell what it is sent, and keeps every message that is posted.</summary>
internal sealed class TextRelay : IAsyncDisposable
{
    private readonly Channel<PostedText> _posted = Channel.CreateUnbounded<PostedText>();
    private readonly HttpClient _http = new();
    private readonly PrismPeer _prism;
    private readonly WebApplication _app;

    private TextRelay(PrismPeer prism)
    {
        _prism = prism;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.Run(Relay);
    }

    /// <summary>Where it listens.</summary>
    public string Url => _app.Urls.First();

    /// <summary>Starts Prism on Twilio's contract, and the relay; skips the test where either is missing.</summary>
    public static async Task<TextRelay> Start()
    {
        TextRelay relay = new(await PrismPeer.Start("..", "shared", "data", "twilio-messages.openapi.json"));
        await relay._app.StartAsync();
        return relay;
    }

    /// <summary>The next message that is posted.</summary>
    public async Task<PostedText> Next()
    {
        using CancellationTokenSource limit = new(FloristTool.Patience);
        return await _posted.Reader.ReadAsync(limit.Token);
    }

    /// <summary>Messages posted and not read yet.</summary>
    public int Waiting => _posted.Reader.Count;

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
        await _prism.DisposeAsync();
    }

    private async Task Relay(HttpContext context)
    {
        HttpRequest asked = context.Request;
        string url = _prism.Url + asked.Path + asked.QueryString;
        using HttpRequestMessage passed = new(new HttpMethod(asked.Method), url);
        passed.Headers.Authorization = AuthenticationHeaderValue.Parse(asked.Headers.Authorization.ToString());
        IFormCollection? form = asked.HasFormContentType ? await asked.ReadFormAsync() : null;
        if (form is not null)
        {
            passed.Content = new FormUrlEncodedContent(
                form.SelectMany(field => field.Value, (field, value) => KeyValuePair.Create(field.Key, value ?? "")));
        }

        using HttpResponseMessage answer = await _http.SendAsync(passed);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await context.Response.WriteAsync(await answer.Content.ReadAsStringAsync());
        if (form is not null)
        {
            _posted.Writer.TryWrite(
                new PostedText(form["To"].ToString(), form["Body"].ToString(), (int)answer.StatusCode));
        }
    }
}
