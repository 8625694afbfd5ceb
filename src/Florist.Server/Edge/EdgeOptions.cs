using System.ComponentModel.DataAnnotations;

namespace Florist.Server.Edge;

/// <summary>Settings of what stands between callers and the services, section <c>Edge</c>.</summary>
internal sealed class EdgeOptions
{
    /// <summary>The section.</summary>
    public const string Section = "Edge";

    /// <summary>
    /// Origins whose pages may call from a browser, such as <c>https://shop.example</c>; none by default.
    /// </summary>
    public List<string> CorsOrigins { get; set; } = [];

    /// <summary>
    /// True lets tools ask which services and messages there are; null does so everywhere but in Production.
    /// </summary>
    public bool? Reflection { get; set; }

    /// <summary>Seconds without a word on an HTTP/2 connection after which the server asks whether it lives.</summary>
    [Range(1, 3600)]
    public int PingAfterSeconds { get; set; } = 60;

    /// <summary>Seconds within which the other side has to answer that, or the connection is given up.</summary>
    [Range(1, 600)]
    public int PingTimeoutSeconds { get; set; } = 20;

    /// <summary>Seconds that a call with one answer may take, whatever its caller asks for.</summary>
    [Range(1, 3600)]
    public int CallSecondsMax { get; set; } = 10;

    /// <summary>Seconds that a quote may take.</summary>
    [Range(1, 3600)]
    public int QuoteSecondsMax { get; set; } = 5;

    /// <summary>
    /// Seconds that a call may take that waits for providers, as a withdrawal does, or imports a batch. Longer than
    /// Messaging:SendTimeout.
    /// </summary>
    [Range(1, 3600)]
    public int LongCallSecondsMax { get; set; } = 40;

    /// <summary>Seconds that calls in progress have to finish when the server stops.</summary>
    [Range(1, 3600)]
    public int DrainSeconds { get; set; } = 30;
}
