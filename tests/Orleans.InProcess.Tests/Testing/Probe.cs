using System.Collections.Concurrent;

namespace Orleans.InProcess.Tests.Testing;

/// <summary>What grains of the tests report, and the gates at which they wait to be let through.</summary>
public sealed class Probe
{
    private readonly ConcurrentQueue<string> notes = new();
    private readonly ConcurrentDictionary<string, bool> orders = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> gates = new();

    internal IReadOnlyList<string> Notes => [.. notes];

    internal void Note(string text) => notes.Enqueue(text);

    /// <summary>Tells grains to behave in a certain way from now on.</summary>
    internal void Tell(string text) => orders.TryAdd(text, true);

    internal bool IsTold(string text) => orders.ContainsKey(text);

    /// <summary>Completes when the test opens the gate.</summary>
    internal Task Gate(string name) => gates.GetOrAdd(name, Make).Task;

    internal void Open(string name) => gates.GetOrAdd(name, Make).TrySetResult();

    internal void Fail(string name, Exception failure) => gates.GetOrAdd(name, Make).TrySetException(failure);

    internal int Count(string text) => notes.Count(n => n == text);

    private static TaskCompletionSource Make(string name) => new();
}
