using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>A storage that on purpose refuses some writes, and of some does not say that it stored them.</summary>
internal sealed class FaultyStorage(IGrainStorage storage, Chaos chaos) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public Task ReadStateAsync<T>(
        string stateName,
        GrainId grainId,
        IGrainState<T> grainState,
        CancellationToken cancellationToken) =>
        storage.ReadStateAsync(stateName, grainId, grainState, cancellationToken);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public Task WriteStateAsync<T>(
        string stateName,
        GrainId grainId,
        IGrainState<T> grainState,
        CancellationToken cancellationToken) =>
        Change(grainState, state => storage.WriteStateAsync(stateName, grainId, state, cancellationToken));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public Task ClearStateAsync<T>(
        string stateName,
        GrainId grainId,
        IGrainState<T> grainState,
        CancellationToken cancellationToken) =>
        Change(grainState, state => storage.ClearStateAsync(stateName, grainId, state, cancellationToken));

    private async Task Change<T>(IGrainState<T> state, Func<IGrainState<T>, Task> change)
    {
        if (chaos.Conflicts())
        {
            throw new InconsistentStateException("fault injection", storedEtag: null, state.ETag);
        }

        if (!chaos.LosesWriteAnswer())
        {
            await change(state);
            return;
        }

        // The grain must not learn of the new version: with the answer it was lost.
        await change(new GrainState<T> { State = state.State, ETag = state.ETag, RecordExists = state.RecordExists });
        throw new OrleansException("fault injection: this was stored, and the answer was lost");
    }
}
