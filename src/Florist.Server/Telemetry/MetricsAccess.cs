using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Florist.Server.Telemetry;

/// <summary>Who may read measurements: this machine, and whoever has the token.</summary>
internal static class MetricsAccess
{
    private const string Bearer = "Bearer ";

    /// <summary>Whether a request may read them.</summary>
    public static bool Allows(HttpContext http, string? token)
    {
        // A proxy on this machine speaks for others, and says so.
        bool isLocal = http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            && !http.Request.Headers.ContainsKey("X-Forwarded-For") && !http.Request.Headers.ContainsKey("Forwarded");
        if (isLocal)
        {
            return true;
        }

        string given = http.Request.Headers.Authorization.ToString();
        return !string.IsNullOrEmpty(token) && given.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(given[Bearer.Length..]), Encoding.UTF8.GetBytes(token));
    }
}
