using Florist.Server.Tests.Peers;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Clients;

/// <summary>A person before a headless Chromium; see <c>browser.mjs</c>.</summary>
internal sealed class BrowserPeer : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium";

    private readonly LinePeer _peer;

    /// <summary>Starts the browser.</summary>
    /// <param name="npm">Folder that has playwright-core.</param>
    public BrowserPeer(string npm)
    {
        string script = Path.Combine(
            NpmFolder.RepositoryRoot, "tests", "Florist.Server.Tests", "Clients", "browser.mjs");
        _peer = new LinePeer("node", [script, npm, Chromium], npm);
    }

    /// <summary>Skips the test where there is no Chromium.</summary>
    public static void SkipUnlessThere() => Assert.SkipUnless(File.Exists(Chromium), "chromium is not installed");

    /// <summary>Goes to a page.</summary>
    public Task Open(string url) => Do("open", url);

    /// <summary>Loads the page anew.</summary>
    public Task Reload() => Do("reload");

    /// <summary>Writes into a field.</summary>
    public Task Fill(string selector, string value) => Do("fill", selector, value);

    /// <summary>Chooses of a list, once it is there.</summary>
    public Task Choose(string selector, string value) => Do("choose", selector, value);

    /// <summary>Presses a button.</summary>
    public Task Click(string selector) => Do("click", selector);

    /// <summary>Waits until the page shows a text there; answers the whole text.</summary>
    public Task<string> Shows(string selector, string text) => Do("shows", selector, text);

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

    private async Task<string> Do(string deed, params string[] given)
    {
        LinePeer.PeerCall call = await _peer.Begin(new() { ["deed"] = deed, ["given"] = given });
        return (await call.Heard()).GetString() ?? "";
    }
}
