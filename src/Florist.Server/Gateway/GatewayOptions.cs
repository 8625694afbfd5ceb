using System.ComponentModel.DataAnnotations;

namespace Florist.Server.Gateway;

/// <summary>Settings of the JSON side, section <c>Gateway</c>.</summary>
internal sealed class GatewayOptions
{
    /// <summary>The section.</summary>
    public const string Section = "Gateway";

    /// <summary>Largest body of a request in bytes, 1 KiB to 64 MiB. A larger one is answered with 413.</summary>
    [Range(1024, 64 << 20)]
    public int BodySizeMax { get; set; } = 1 << 20;

    /// <summary>Most parameters in a query, 1 to 1,000.</summary>
    [Range(1, 1000)]
    public int QueryParametersMax { get; set; } = 64;
}
