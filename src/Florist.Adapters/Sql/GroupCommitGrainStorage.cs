using System.Collections.Concurrent;
using System.Globalization;
using Florist.Kernel;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Florist.Adapters.Sql;

/// <summary>
/// Keeps grain states. A write is a snapshot taken on the grain's turn and completes after the commit that made it
/// durable, together with the wake-up, messages and rows that the state names (<see cref="IHasEffects"/>).
/// </summary>
internal sealed class GroupCommitGrainStorage(
    IStateStore store, CommitSignals signals, TimeProvider time, ILogger<GroupCommitGrainStorage> log) : IGrainStorage
{
    private const int StateBytesUsual = 16 * 1024;

    private readonly ConcurrentDictionary<(string, string), Task> underWay = new();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ReadStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        StoredState? stored = await Read(grainId.ToString(), stateName, cancellationToken);
        grainState.ETag = stored is null ? null : Text(stored.Version);
        grainState.RecordExists = stored?.Body is not null;
        grainState.State = stored?.Body is { } body ? FloristJson.Read<T>(body) : Activator.CreateInstance<T>();
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task WriteStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        byte[] body = FloristJson.WriteBytes(grainState.State);
        if (body.Length > StateBytesUsual)
        {
            SqlLog.StateLarge(log, stateName, grainId.ToString(), body.Length);
        }

        long version = await Commit(Snapshot(stateName, grainId, grainState, body));
        grainState.ETag = Text(version);
        grainState.RecordExists = true;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <summary>
    /// Clears the state. One with effects takes its wake-up and the grain's child rows along; its messages and rows
    /// are written in the same commit, so that a grain can say farewell.
    /// </summary>
    public async Task ClearStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long version = await Commit(Snapshot(stateName, grainId, grainState, null));
        grainState.ETag = Text(version);
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads a state after every write of it that was begun before: a read never overtakes one.</summary>
    private async Task<StoredState?> Read(string grainKey, string stateName, CancellationToken cancellationToken)
    {
        if (underWay.TryGetValue((grainKey, stateName), out Task? write))
        {
            // Whether it succeeded is its caller's business; here it only has to be over.
            await write.WaitAsync(cancellationToken).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return await store.Read(grainKey, stateName, cancellationToken);
    }

    private async Task<long> Commit(StateWrite write)
    {
        Task<long> settled = store.Commit(write);
        underWay[write.Place] = settled;
        long version;
        try
        {
            version = await settled;
        }
        finally
        {
            underWay.TryRemove(new KeyValuePair<(string, string), Task>(write.Place, settled));
        }

        signals.Committed(write);
        return version;
    }

    private StateWrite Snapshot<T>(string stateName, GrainId grainId, IGrainState<T> grainState, byte[]? body)
    {
        StateWrite write = new()
        {
            GrainKey = grainId.ToString(),
            StateName = stateName,
            Expected = grainState.ETag is { } etag ? Version(etag) : null,
            Body = body,
            Now = time.GetUtcNow(),
        };
        return grainState.State is IHasEffects effects
            ? write with
            {
                HasEffects = true,
                NextDue = body is null ? null : effects.NextDue,
                WakeClass = effects.WakeClass,
                Messages = effects.Pending,
                Rows = effects.Rows,
            }
            : write;
    }

    private static long Version(string etag) =>
        long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out long version)
            ? version
            : throw new InconsistentStateException("the ETag was not given by this storage", null, etag);
}
