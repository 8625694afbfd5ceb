using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Florist.Server;

/// <summary>What the command line says about serving.</summary>
internal sealed record ServeOptions
{
    /// <summary>Absolute path of the data folder.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Where HTTP/2 is served, as <c>http://127.0.0.1:5080</c>.</summary>
    public required string Http2Url { get; init; }

    /// <summary>Where HTTP/1.1 is served; null means the port after <see cref="Http2Url"/>'s.</summary>
    public string? Http1Url { get; init; }

    /// <summary>True to wait for the data folder instead of failing while another process owns it.</summary>
    public bool Standby { get; init; }

    /// <summary>Further settings, as <c>--Section:Key=value</c>.</summary>
    public ImmutableArray<string> Settings { get; init; } = [];

    /// <summary>The environment to serve in; null means that of the process, which is Production unless told.</summary>
    public string? Environment { get; init; }

    /// <summary>False for servers that print nothing of their own, such as the one that the tour starts.</summary>
    public bool Announce { get; init; } = true;

    /// <summary>The two addresses to listen at.</summary>
    public bool TryGetEndpoints(
        [NotNullWhen(true)] out Uri? http2, [NotNullWhen(true)] out Uri? http1, out string problem)
    {
        problem = "";
        http1 = null;
        if (!TryRead(Http2Url, out http2))
        {
            problem = $"--urls '{Http2Url}' is not of the form http://ADDRESS:PORT";
            return false;
        }

        int next = http2.Port == 0 ? 0 : http2.Port + 1;
        if (!TryRead(Http1Url ?? $"http://{http2.Host}:{next}", out http1))
        {
            problem = $"--http1-urls '{Http1Url}' is not of the form http://ADDRESS:PORT";
            return false;
        }

        if (http1.Port == http2.Port && http1.Port != 0)
        {
            problem = "--urls and --http1-urls need different ports: HTTP/2 without TLS cannot share one with HTTP/1.1";
            return false;
        }

        return true;
    }

    private static bool TryRead(string url, [NotNullWhen(true)] out Uri? uri) =>
        Uri.TryCreate(url, UriKind.Absolute, out uri) && uri.Scheme == Uri.UriSchemeHttp && uri.AbsolutePath == "/";
}
