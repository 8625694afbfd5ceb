using System.Collections.Immutable;

namespace Florist.Kernel;

/// <summary>How much of the engine's work waits, as the database has it.</summary>
public interface IEngineReadings
{
    /// <summary>A lane is counted so far and no further.</summary>
    const int CountMax = 10_000;

    /// <summary>Every lane of wake-ups and of messages, most urgent first.</summary>
    Task<ImmutableArray<LaneReading>> Lanes(DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>Queues of the engine.</summary>
public enum EngineQueue
{
    /// <summary>Wake-ups of grains.</summary>
    Wakes,

    /// <summary>Messages of the outbox.</summary>
    Messages,
}

/// <summary>What waits in one lane, parked rows left out.</summary>
/// <param name="Queue">Of which queue.</param>
/// <param name="Lane">Its class: the name of a <see cref="WakeClass"/> or of an <see cref="OutboxClass"/>.</param>
/// <param name="Due">How many are due, at most <see cref="IEngineReadings.CountMax"/>.</param>
/// <param name="OldestDue">When the first of them became so; null when none is.</param>
public sealed record LaneReading(EngineQueue Queue, string Lane, long Due, DateTimeOffset? OldestDue);
