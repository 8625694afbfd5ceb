using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.InProcess.Tests.Testing;

/// <summary>A grain storage that keeps JSON in memory, checks versions, and can be made to wait or fail.</summary>
internal sealed class MemoryGrainStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<string, (long Version, byte[] Json)> records = new();
    private long version;
    private int writes;
    private int reads;

    internal int Writes => writes;

    internal int Reads => reads;

    /// <summary>Awaited before every operation; the argument is "read", "write" or "clear".</summary>
    internal Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Interlocked.Increment(ref reads);
        await Before("read");
        if (records.TryGetValue(Key(stateName, grainId), out (long Version, byte[] Json) found))
        {
            grainState.State = JsonSerializer.Deserialize<T>(found.Json)!;
            grainState.ETag = Text(found.Version);
            grainState.RecordExists = true;
            return;
        }

        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(grainState.State);
        Interlocked.Increment(ref writes);
        await Before("write");
        string key = Key(stateName, grainId);
        lock (records)
        {
            Check(key, grainState.ETag);
            records[key] = (++version, json);
            grainState.ETag = Text(version);
            grainState.RecordExists = true;
        }
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await Before("clear");
        string key = Key(stateName, grainId);
        lock (records)
        {
            Check(key, grainState.ETag);
            records.TryRemove(key, out _);
            grainState.ETag = null;
            grainState.RecordExists = false;
        }
    }

    /// <summary>Writes behind the back of the grain, as another process would.</summary>
    internal void Overwrite<T>(string stateName, GrainId grainId, T state)
    {
        lock (records)
        {
            records[Key(stateName, grainId)] = (++version, JsonSerializer.SerializeToUtf8Bytes(state));
        }
    }

    internal T? Stored<T>(string stateName, GrainId grainId) =>
        records.TryGetValue(Key(stateName, grainId), out (long Version, byte[] Json) found)
            ? JsonSerializer.Deserialize<T>(found.Json)
            : default;

    private static string Key(string stateName, GrainId grainId) => $"{stateName}|{grainId}";

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);

    private void Check(string key, string? etag)
    {
        string? stored = records.TryGetValue(key, out (long Version, byte[] Json) found) ? Text(found.Version) : null;
        if (stored != etag)
        {
            throw new InconsistentStateException("somebody else wrote", stored, etag);
        }
    }
}
