using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Florist.Server.Telemetry;

/// <summary>
/// Who may read measurements: whoever has the token, and this machine where the settings trust all that runs on it.
/// </summary>
internal static class MetricsAccess
{
    private const string Bearer = "Bearer ";

    /// <summary>Whether a request may read them.</summary>
    /// <param name="http">The request.</param>
    /// <param name="token">The token; null or empty when there is none.</param>
    /// <param name="trustsThisMachine">True where calls of this machine need none.</param>
    public static bool Allows(HttpContext http, string? token, bool trustsThisMachine)
    {
        // A proxy on this machine speaks for others. Most say so; those that do not are why trust has to be asked for.
        bool isLocal = trustsThisMachine
            && http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
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
