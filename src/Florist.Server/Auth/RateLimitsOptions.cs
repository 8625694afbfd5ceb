using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Florist.Server.Auth;

/// <summary>
/// Settings of the section <c>RateLimits</c>: how many calls a second each principal may make, by the sort of call.
/// </summary>
public sealed class RateLimitsOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "RateLimits";

    /// <summary>False lets everybody call as often as they like.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Principals and addresses whose calls are counted at once; of more, those that called longest ago are forgotten.
    /// </summary>
    [Range(100, 10_000_000)]
    public int PrincipalsMax { get; set; } = 50_000;

    /// <summary>Callers without a token, each address for itself.</summary>
    [ValidateObjectMembers]
    public CallRatesOptions Anonymous { get; set; } = new() { Reads = 50, Lists = 20, Writes = 10, Streams = 5 };

    /// <summary>Each customer.</summary>
    [ValidateObjectMembers]
    public CallRatesOptions Customer { get; set; } = new() { Reads = 20, Lists = 10, Writes = 10, Streams = 5 };

    /// <summary>Each courier.</summary>
    [ValidateObjectMembers]
    public CallRatesOptions Courier { get; set; } = new() { Reads = 50, Lists = 10, Writes = 50, Streams = 10 };

    /// <summary>Each member of the staff.</summary>
    [ValidateObjectMembers]
    public CallRatesOptions Staff { get; set; } = new() { Reads = 500, Lists = 100, Writes = 500, Streams = 50 };

    /// <summary>Each of the shop's own systems.</summary>
    [ValidateObjectMembers]
    public CallRatesOptions Service { get; set; } = new()
    {
        Reads = 10_000,
        Lists = 1_000,
        Writes = 5_000,
        Streams = 1_000,
    };
}

/// <summary>How many calls of each sort a principal may make.</summary>
public sealed class CallRatesOptions
{
    /// <summary>Calls a second that get one resource, or ask for a quote.</summary>
    [Range(0.001, 1_000_000)]
    public double Reads { get; set; } = 20;

    /// <summary>Calls a second that list, search or get many.</summary>
    [Range(0.001, 1_000_000)]
    public double Lists { get; set; } = 10;

    /// <summary>Calls a second that change something.</summary>
    [Range(0.001, 1_000_000)]
    public double Writes { get; set; } = 10;

    /// <summary>Streams a second that are opened. What flows in a stream is not counted.</summary>
    [Range(0.001, 1_000_000)]
    public double Streams { get; set; } = 5;

    /// <summary>Seconds' worth of calls that may come at once after a quiet time.</summary>
    [Range(1, 3600)]
    public double BurstSeconds { get; set; } = 10;
}

/// <summary>Checks the ranges of <see cref="RateLimitsOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class RateLimitsOptionsValidator : IValidateOptions<RateLimitsOptions>;
