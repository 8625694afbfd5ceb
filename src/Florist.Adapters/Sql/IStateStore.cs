using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>A database that holds grain states; what differs between SQLite and a server stays behind it.</summary>
internal interface IStateStore
{
    /// <summary>Reads a state as it was last committed.</summary>
    /// <returns>The state; null when it was never written.</returns>
    Task<StoredState?> Read(string grainKey, string stateName, CancellationToken cancellationToken);

    /// <summary>Writes all of <paramref name="write"/> or nothing; completes when it is durable.</summary>
    /// <returns>The new version.</returns>
    /// <exception cref="Orleans.Storage.InconsistentStateException">The stored version is another.</exception>
    Task<long> Commit(StateWrite write);
}

/// <summary>A state as it is stored.</summary>
/// <param name="Version">Its version, one more with each write.</param>
/// <param name="Body">Its JSON; null when it was cleared.</param>
internal sealed record StoredState(long Version, byte[]? Body);

/// <summary>One commit of a grain, as a snapshot: the grain may change its memory while this waits.</summary>
internal sealed record StateWrite
{
    private const int RowBytes = 256;

    public required string GrainKey { get; init; }

    public required string StateName { get; init; }

    /// <summary>The version that must be stored now; null when none may be.</summary>
    public required long? Expected { get; init; }

    /// <summary>The JSON; null clears the state, its wake-up and the grain's child rows.</summary>
    public required byte[]? Body { get; init; }

    /// <summary>False for a plain record without effects, which leaves wake-up and child rows alone.</summary>
    public bool HasEffects { get; init; }

    /// <summary>When the grain is to be woken; null removes its wake-up.</summary>
    public DateTimeOffset? NextDue { get; init; }

    public WakeClass WakeClass { get; init; }

    public ImmutableArray<OutboxMessage> Messages { get; init; } = [];

    public ImmutableArray<RowChange> Rows { get; init; } = [];

    /// <summary>
    /// The instant of the commit by the product's clock, from which messages without a time may be sent.
    /// </summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Bytes of its bodies, more or less: what it counts against the size of a batch.</summary>
    public int Bytes
    {
        get
        {
            int bytes = (Body?.Length ?? 0) + (RowBytes * Rows.Length);
            foreach (OutboxMessage message in Messages)
            {
                bytes += message.Body.Length;
            }

            return bytes;
        }
    }

    /// <summary>The state's place in storage.</summary>
    public (string GrainKey, string StateName) Place => (GrainKey, StateName);
}
