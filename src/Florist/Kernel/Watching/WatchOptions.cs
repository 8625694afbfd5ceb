using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Florist.Kernel;

/// <summary>
/// Settings of the section <c>Watch</c>: how long front ends watch, and how many watches one may hold.
/// </summary>
public sealed class WatchOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Watch";

    /// <summary>Watches of one thing that one principal may hold on each server.</summary>
    [Range(1, 1000)]
    public int PerThingMax { get; set; } = 5;

    /// <summary>Watches of all things that one principal may hold on each server.</summary>
    [Range(1, 10_000)]
    public int PerPrincipalMax { get; set; } = 20;

    /// <summary>
    /// Watches that one of the shop's own systems may hold on each server: it stands for many people.
    /// </summary>
    [Range(1, 1_000_000)]
    public int PerServiceMax { get; set; } = 50_000;

    /// <summary>Without news a watcher gets a sign of life, with a newer resume token, every so many seconds.</summary>
    [Range(1, 300)]
    public int BookmarkSeconds { get; set; } = 15;

    /// <summary>A watch is ended well after so many minutes, to be begun again.</summary>
    [Range(1, 1440)]
    public int MinutesMax { get; set; } = 30;

    /// <summary>The same for a browser, whose requests should be short.</summary>
    [Range(1, 1440)]
    public int BrowserMinutesMax { get; set; } = 10;
}

/// <summary>Checks <see cref="WatchOptions"/> when the server starts.</summary>
[OptionsValidator]
internal sealed partial class WatchOptionsValidator : IValidateOptions<WatchOptions>;
