using System.ComponentModel.DataAnnotations;

namespace Florist.Orders;

/// <summary>
/// Settings of the section <c>Orders:Promises</c>: when a promise counts as endangered, and what a broken one is worth.
/// </summary>
public sealed class PromiseOptions
{
    /// <summary>
    /// How many minutes before the end of the window it is looked whether the flowers are on their way.
    /// </summary>
    [Range(15, 240)]
    public int WatchMinutes { get; set; } = 60;

    /// <summary>How many minutes before the end of the window the courier has to be near.</summary>
    [Range(1, 60)]
    public int LastLookMinutes { get; set; } = 10;

    /// <summary>A courier's estimate that is so many minutes after the window is still taken for on time.</summary>
    [Range(0, 30)]
    public int ToleranceMinutes { get; set; } = 5;

    /// <summary>Being late by up to so many minutes is apologised for and nothing more.</summary>
    [Range(0, 240)]
    public int CourtesyMinutes { get; set; } = 15;

    /// <summary>Up to so many minutes the delivery fee is given back; beyond, a share of the price as well.</summary>
    [Range(0, 1440)]
    public int LongMinutes { get; set; } = 60;

    /// <summary>That share of the price of the flowers, in percent.</summary>
    [Range(0, 100)]
    public int SharePercent { get; set; } = 20;

    /// <summary>
    /// What one customer may be given within <see cref="CustomerCapDays"/>, in minor units by currency.
    /// </summary>
    public Dictionary<string, long> CustomerCaps { get; set; } = new() { ["GBP"] = 50_00, ["EUR"] = 60_00 };

    /// <summary>The days over which <see cref="CustomerCaps"/> counts.</summary>
    [Range(1, 366)]
    public int CustomerCapDays { get; set; } = 90;

    /// <summary>What all customers together may be given on one day, in minor units by currency.</summary>
    public Dictionary<string, long> DayCaps { get; set; } = new() { ["GBP"] = 1_000_00, ["EUR"] = 1_200_00 };
}
