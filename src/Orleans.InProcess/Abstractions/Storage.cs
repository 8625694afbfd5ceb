using Orleans.Runtime;

namespace Orleans
{
    /// <summary>A state record on its way between a grain and its storage.</summary>
    /// <typeparam name="T">The state.</typeparam>
    public interface IGrainState<T>
    {
        /// <summary>The state.</summary>
        T State { get; set; }

        /// <summary>The version last read or written; opaque, null when there is none.</summary>
        string? ETag { get; set; }

        /// <summary>Whether a record is stored.</summary>
        bool RecordExists { get; set; }
    }
}

namespace Orleans.Core
{
    /// <summary>A stored record, without its type. Calls on one record are done one after another.</summary>
    public interface IStorage
    {
        /// <summary>The version last read or written; opaque, null when there is none.</summary>
        string? Etag { get; }

        /// <summary>Whether a record is stored.</summary>
        bool RecordExists { get; }

        /// <summary>Deletes the record and sets the state to its initial value. Lawful without a record.</summary>
        /// <returns>Completes when it is durable.</returns>
        /// <exception cref="Orleans.Storage.InconsistentStateException">
        /// Somebody else wrote since the last read.
        /// </exception>
        Task ClearStateAsync();

        /// <summary>Deletes the record and sets the state to its initial value. Lawful without a record.</summary>
        /// <param name="cancellationToken">Stops it before it has begun, never later.</param>
        /// <returns>Completes when it is durable.</returns>
        /// <exception cref="Orleans.Storage.InconsistentStateException">
        /// Somebody else wrote since the last read.
        /// </exception>
        Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

        /// <summary>Writes the state as it is when the write begins, which is after the caller's next await.</summary>
        /// <returns>Completes when it is durable. Writes that have not begun share one.</returns>
        /// <exception cref="Orleans.Storage.InconsistentStateException">
        /// Somebody else wrote since the last read.
        /// </exception>
        Task WriteStateAsync();

        /// <summary>Writes the state as it is when the write begins, which is after the caller's next await.</summary>
        /// <param name="cancellationToken">Stops it before it has begun, never later.</param>
        /// <returns>Completes when it is durable. Writes that have not begun share one.</returns>
        /// <exception cref="Orleans.Storage.InconsistentStateException">
        /// Somebody else wrote since the last read.
        /// </exception>
        Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

        /// <summary>Reads the record again, dropping what is in memory.</summary>
        /// <returns>Completes when the state is that of the record, or the initial one without a record.</returns>
        Task ReadStateAsync();

        /// <summary>Reads the record again, dropping what is in memory.</summary>
        /// <param name="cancellationToken">Stops the read.</param>
        /// <returns>Completes when the state is that of the record, or the initial one without a record.</returns>
        Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
    }

    /// <summary>A stored record.</summary>
    /// <typeparam name="TState">The state.</typeparam>
    public interface IStorage<TState> : IStorage
    {
        /// <summary>The state in memory. Never null, also after a clear; without a record, the initial value.</summary>
        TState State { get; set; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>A state record of a grain, loaded before OnActivateAsync.</summary>
    /// <typeparam name="TState">The state; a class with a public constructor without parameters.</typeparam>
    public interface IPersistentState<TState> : Orleans.Core.IStorage<TState>;

    /// <summary>
    /// On a constructor parameter of type <see cref="IPersistentState{TState}"/>: which record it is.
    /// </summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    public class PersistentStateAttribute : Attribute
    {
        /// <summary>Names the record.</summary>
        /// <param name="stateName">The name of the record within the grain.</param>
        /// <param name="storageName">The name of the storage; null means the one registered as "Default".</param>
        public PersistentStateAttribute(string stateName, string? storageName = null)
        {
            ArgumentException.ThrowIfNullOrEmpty(stateName);
            StateName = stateName;
            StorageName = storageName;
        }

        /// <summary>The name of the record within the grain.</summary>
        public string StateName { get; }

        /// <summary>The name of the storage; null means the one registered as "Default".</summary>
        public string? StorageName { get; }
    }
}

namespace Orleans.Storage
{
    /// <summary>Where state records are kept. Two records are never written atomically.</summary>
    public interface IGrainStorage
    {
        /// <summary>
        /// Reads a record into <paramref name="grainState"/>; without one, RecordExists becomes false.
        /// </summary>
        /// <typeparam name="T">The state.</typeparam>
        /// <param name="stateName">The name of the record within the grain.</param>
        /// <param name="grainId">The grain.</param>
        /// <param name="grainState">Receives state, ETag and RecordExists.</param>
        /// <returns>Completes when it is read.</returns>
        Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <summary>
        /// Reads a record into <paramref name="grainState"/>; without one, RecordExists becomes false.
        /// </summary>
        /// <typeparam name="T">The state.</typeparam>
        /// <param name="stateName">The name of the record within the grain.</param>
        /// <param name="grainId">The grain.</param>
        /// <param name="grainState">Receives state, ETag and RecordExists.</param>
        /// <param name="cancellationToken">Stops the read.</param>
        /// <returns>Completes when it is read.</returns>
        Task ReadStateAsync<T>(
            string stateName,
            GrainId grainId,
            IGrainState<T> grainState,
            CancellationToken cancellationToken) => ReadStateAsync(stateName, grainId, grainState);

        /// <summary>Writes a record if the stored version is still the one in <paramref name="grainState"/>.</summary>
        /// <typeparam name="T">The state.</typeparam>
        /// <param name="stateName">The name of the record within the grain.</param>
        /// <param name="grainId">The grain.</param>
        /// <param name="grainState">What to write; receives the new ETag and RecordExists.</param>
        /// <returns>Completes when it is durable.</returns>
        /// <exception cref="InconsistentStateException">The stored version is another.</exception>
        Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <summary>Writes a record if the stored version is still the one in <paramref name="grainState"/>.</summary>
        /// <typeparam name="T">The state.</typeparam>
        /// <param name="stateName">The name of the record within the grain.</param>
        /// <param name="grainId">The grain.</param>
        /// <param name="grainState">What to write; receives the new ETag and RecordExists.</param>
        /// <param name="cancellationToken">Stops it before it has begun, never later.</param>
        /// <returns>Completes when it is durable.</returns>
        /// <exception cref="InconsistentStateException">The stored version is another.</exception>
        Task WriteStateAsync<T>(
            string stateName,
            GrainId grainId,
            IGrainState<T> grainState,
            CancellationToken cancellationToken) => WriteStateAsync(stateName, grainId, grainState);

        /// <summary>Deletes a record if the stored version is still the one in <paramref name="grainState"/>.</summary>
        /// <typeparam name="T">The state.</typeparam>
        /// <param name="stateName">The name of the record within the grain.</param>
        /// <param name="grainId">The grain.</param>
        /// <param name="grainState">Receives the ETag that follows, and RecordExists.</param>
        /// <returns>Completes when it is durable.</returns>
        /// <exception cref="InconsistentStateException">The stored version is another.</exception>
        Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <summary>Deletes a record if the stored version is still the one in <paramref name="grainState"/>.</summary>
        /// <typeparam name="T">The state.</typeparam>
        /// <param name="stateName">The name of the record within the grain.</param>
        /// <param name="grainId">The grain.</param>
        /// <param name="grainState">Receives the ETag that follows, and RecordExists.</param>
        /// <param name="cancellationToken">Stops it before it has begun, never later.</param>
        /// <returns>Completes when it is durable.</returns>
        /// <exception cref="InconsistentStateException">The stored version is another.</exception>
        Task ClearStateAsync<T>(
            string stateName,
            GrainId grainId,
            IGrainState<T> grainState,
            CancellationToken cancellationToken) => ClearStateAsync(stateName, grainId, grainState);
    }
}
