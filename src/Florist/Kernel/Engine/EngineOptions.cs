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

    /// <summary>How far ahead wake-ups are kept in memory, in minutes.</summary>
    [Range(1, 60)]
    public int WindowMinutes { get; set; } = 10;

    /// <summary>Wake-ups of a class that one look at the table reads; the memory holds at most twice as many.</summary>
    [Range(1, 100_000)]
    public int WindowRowsMax { get; set; } = 2048;

    /// <summary>
    /// A deadline that is kept later than this, in milliseconds, raises an alert: a log entry and a measurement.
    /// </summary>
    [Range(1000, 86_400_000)]
    public int DeadlineGraceMs { get; set; } = 60_000;

    /// <summary>
    /// True where several processes share the database: then grains of the cluster look after the wake-ups, a shard
    /// each, and every process claims the messages that it hands over. False where one process owns the database.
    /// </summary>
    public bool Shared { get; set; }

    /// <summary>
    /// How long a claim of a message lasts, in milliseconds: longer than handling it may take, or it is handled twice.
    /// </summary>
    [Range(1000, 7_200_000)]
    public int ClaimMs { get; set; } = 120_000;

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

    /// <summary>How often what waits and what is parked is counted for the measurements, in milliseconds.</summary>
    [Range(100, 3_600_000)]
    public int GaugeMs { get; set; } = 15_000;

    /// <summary>By whose clock what is kept in memory grows old; a simulation replaces it.</summary>
    internal TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Faults of wake-ups to inject; none by default.</summary>
    internal WakeFaults WakeFaults { get; } = new();
}

/// <summary>Checks <see cref="EngineOptions"/> at the start.</summary>
[OptionsValidator]
internal sealed partial class EngineOptionsValidator : IValidateOptions<EngineOptions>;

/// <summary>Checks what attributes cannot say.</summary>
internal sealed class EngineOptionsConsistency : IValidateOptions<EngineOptions>
{
    public ValidateOptionsResult Validate(string? name, EngineOptions options) =>
        options.PollMsMin > options.PollMsMax ? ValidateOptionsResult.Fail("Engine:PollMsMin exceeds PollMsMax")
        : options.BackOffMsMin > options.BackOffMsMax
            ? ValidateOptionsResult.Fail("Engine:BackOffMsMin exceeds BackOffMsMax")
        : options.ClaimMs <= options.HandleMsMax
            ? ValidateOptionsResult.Fail("Engine:ClaimMs must be longer than HandleMsMax")
        : ValidateOptionsResult.Success;
}
