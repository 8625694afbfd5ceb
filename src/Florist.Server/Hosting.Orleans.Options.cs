using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace Florist.Server;

/// <summary>Settings of the section <c>Cluster</c>: this process' place among the silos.</summary>
public sealed class SiloSettings
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Cluster";

    /// <summary>The cluster that silos and gateways find one another by; one database can hold several.</summary>
    [Required]
    public string ClusterId { get; set; } = "florist";

    /// <summary>The shop, whatever its clusters are called; part of the identity of reminders. Never changed.</summary>
    [Required]
    public string ServiceId { get; set; } = "florist";

    /// <summary>The address at which other silos and gateways reach this one; null takes the machine's own.</summary>
    public string? AdvertisedAddress { get; set; }

    /// <summary>The port at which other silos reach this one.</summary>
    [Range(1, 65535)]
    public int SiloPort { get; set; } = 11111;

    /// <summary>The port at which gateways reach this silo.</summary>
    [Range(1, 65535)]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>After how many minutes without a call an activation is collected.</summary>
    [Range(2, 1440)]
    public int IdleMinutes { get; set; } = 15;

    /// <summary>After how many seconds a caller gives a call to a grain up.</summary>
    [Range(1, 600)]
    public int ResponseSeconds { get; set; } = 30;

    /// <summary>Calls that may wait for one grain; a further one is refused.</summary>
    [Range(1, 1_000_000)]
    public int WaitingCallsMax { get; set; } = 1_000;

    /// <summary>
    /// Connections for membership and reminders, beside those of the storage. All processes' connections together must
    /// stay below the server's limit.
    /// </summary>
    [Range(1, 100)]
    public int ConnectionsMax { get; set; } = 8;

    /// <summary>The address of <see cref="AdvertisedAddress"/>.</summary>
    internal IPAddress? Address => AdvertisedAddress is { } text ? IPAddress.Parse(text) : null;

    /// <summary>The settings of a configuration, checked.</summary>
    /// <exception cref="OptionsValidationException">A setting is out of its range.</exception>
    internal static SiloSettings Of(IConfiguration configuration)
    {
        SiloSettings settings = new();
        configuration.GetSection(Section).Bind(settings);
        List<string> failures = [];
        if (new SiloSettingsValidator().Validate(null, settings) is { Failed: true } result)
        {
            failures.AddRange(result.Failures ?? []);
        }

        if (settings.AdvertisedAddress is { } text && !IPAddress.TryParse(text, out _))
        {
            failures.Add($"Cluster:AdvertisedAddress '{text}' is no IP address");
        }

        return failures.Count == 0
            ? settings
            : throw new OptionsValidationException(Section, typeof(SiloSettings), failures);
    }
}

/// <summary>Checks the ranges of <see cref="SiloSettings"/>.</summary>
[OptionsValidator]
internal sealed partial class SiloSettingsValidator : IValidateOptions<SiloSettings>;
