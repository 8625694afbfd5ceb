using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Florist.Kernel;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Florist.Tests.Kernel.Engine;

/// <summary>Gives out numbers to whoever asks, under an output gate.</summary>
public interface ITicketGrain : IGrainWithStringKey
{
    /// <summary>The next number; the same one for the same caller.</summary>
    Task<int> Take(string caller);

    /// <summary>How many were given out.</summary>
    Task<int> Count();

    /// <summary>How many were given out for certain.</summary>
    [AlwaysInterleave]
    Task<int> Committed();

    Task TakeAndThrow(string caller);
}

internal sealed record Tickets : IDurableState<Tickets>
{
    public ImmutableSortedDictionary<string, int> Given { get; init; } =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    [JsonIgnore]
    public DateTimeOffset? NextDue => null;

    [JsonIgnore]
    public Effects Effects { get; init; } = Effects.None;

    public Tickets With(Effects effects) => this with { Effects = effects };
}

[Reentrant]
[GrainType("tickets")]
internal sealed class TicketGrain([PersistentState("tickets")] IPersistentState<Tickets> stored) : Grain, ITicketGrain
{
    private readonly OutputGate<Tickets> gate = new(stored);

    public Task<int> Take(string caller) => gate.Durable(Give(caller));

    public Task<int> Count() => gate.Durable(gate.State.Given.Count);

    public Task<int> Committed() => Task.FromResult(gate.Committed.Given.Count);

    public Task TakeAndThrow(string caller)
    {
        Give(caller);
        throw new InvalidOperationException("after the change");
    }

    private int Give(string caller)
    {
        Tickets tickets = gate.State;
        if (tickets.Given.TryGetValue(caller, out int earlier))
        {
            return earlier;
        }

        int number = tickets.Given.Count + 1;
        OutboxMessage message = new()
        {
            Key = $"{this.GetPrimaryKeyString()}/{number}",
            Topic = ProbeHandler.TopicName,
            Body = "{}",
        };
        gate.Change(tickets with
        {
            Given = tickets.Given.Add(caller, number),
            Effects = tickets.Effects.Send(message),
        });
        return number;
    }
}
