using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Florist.Kernel;

/// <summary>Settings of the wake service and the outbox pump, section <c>Engine</c>.</summary>
public sealed class EngineOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Engine";

    /// <summary>False: nothing runs by itself, only by <see cref="IEngineDriver.RunDue"/>.</summary>
    public bool Background { get; set; } = true;

    /// <summary>Wake-ups, and likewise messages, under way at once when warm. Each class keeps a share of it.</summary>
    [Range(4, 4096)]
    public int ConcurrencyMax { get; set; } = 64;

    /// <summary>What <see cref="IEngineDriver.RunDue"/> carries out at once; 1 makes its order repeatable.</summary>
    [Range(1, 4096)]
    public int DriverConcurrencyMax { get; set; } = 16;

    /// <summary>How often the tables are looked at, at the most, in milliseconds.</summary>
    [Range(10, 60_000)]
    public int PollMsMin { get; set; } = 200;

    /// <summary>
    /// How often the tables are looked at, at the least, in milliseconds: how late a lost signal can be.
    /// </summary>
    [Range(10, 600_000)]
    public int PollMsMax { get; set; } = 5000;

    /// <summary>
    /// After the start, concurrency begins at the number of cores and doubles at this interval, in milliseconds.
    /// </summary>
    [Range(1, 600_000)]
    public int SlowStartMs { get; set; } = 10_000;

    /// <summary>The first wait after a failure, in milliseconds; each further one is twice as long.</summary>
    [Range(1, 600_000)]
    public int BackOffMsMin { get; set; } = 1000;

    /// <summary>The longest wait after a failure, in milliseconds.</summary>
    [Range(1, 86_400_000)]
    public int BackOffMsMax { get; set; } = 600_000;

    /// <summary>A wake-up or a message that failed so often is parked until an operator looks at it.</summary>
    [Range(1, 1000)]
    public int AttemptsMax { get; set; } = 20;

    /// <summary>How long one attempt to handle a message may take before it is told to stop, in milliseconds.</summary>
    [Range(100, 3_600_000)]
    public int HandleMsMax { get; set; } = 60_000;
}

/// <summary>Checks <see cref="EngineOptions"/> at the start.</summary>
[OptionsValidator]
internal sealed partial class EngineOptionsValidator : IValidateOptions<EngineOptions>;
