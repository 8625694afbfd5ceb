using System.Text.Json.Serialization;
using Florist.Kernel;
using Orleans;
using Orleans.Runtime;

namespace Florist.Tests.Kernel.Engine;

public interface IProbeGrain : IGrainWithStringKey
{
    Task Set(ProbeCommand command);

    Task<ProbeView> Get();
}

/// <summary>What the probe shall do: remember, schedule, send.</summary>
public sealed record ProbeCommand
{
    public DateTimeOffset? Due { get; init; }

    public string? SendKey { get; init; }

    public string SendTopic { get; init; } = ProbeHandler.TopicName;

    /// <summary>Wake-ups that fail before one succeeds.</summary>
    public int FailWakes { get; init; }

    /// <summary>True: a wake-up returns and leaves everything as it is.</summary>
    public bool IgnoreWakes { get; init; }

    /// <summary>How urgent its wake-ups are.</summary>
    public WakeClass Class { get; init; } = WakeClass.Notice;

    /// <summary>True: a wake-up is answered by scheduling the next a day later.</summary>
    public bool Daily { get; init; }
}

public sealed record ProbeView(int Wakes, DateTimeOffset? Due);

/// <summary>Wakes a probe to do what its command said.</summary>
internal sealed record ProbePlan : IDurableState<ProbePlan>
{
    public ProbeCommand Command { get; init; } = new();

    public int Wakes { get; init; }

    public DateTimeOffset? Due { get; init; }

    public WakeClass Lane { get; init; } = WakeClass.Notice;

    [JsonIgnore]
    public DateTimeOffset? NextDue => Due;

    [JsonIgnore]
    public WakeClass WakeClass => Lane;

    [JsonIgnore]
    public Effects Effects { get; init; } = Effects.None;

    public ProbePlan With(Effects effects) => this with { Effects = effects };
}

[GrainType("probe")]
internal sealed class ProbeGrain(
    [PersistentState("plan")] IPersistentState<ProbePlan> plan, ProbeFailures failures) : Grain, IProbeGrain, IWakeable
{
    public Task Set(ProbeCommand command)
    {
        ProbePlan next = plan.State with { Command = command, Due = command.Due, Lane = command.Class };
        if (command.SendKey is { } key)
        {
            next = next.With(next.Effects.Send(
                new OutboxMessage { Key = key, Topic = command.SendTopic, Body = "{}" }));
        }

        return plan.Commit(next, DeactivateOnIdle);
    }

    public Task<ProbeView> Get() => Task.FromResult(new ProbeView(plan.State.Wakes, plan.State.Due));

    public async Task OnWake(DateTimeOffset now)
    {
        ProbeCommand command = plan.State.Command;
        failures.Woken?.Invoke(this.GetPrimaryKeyString(), now);
        if (failures.Next(this.GetPrimaryKeyString()) <= command.FailWakes)
        {
            throw new InvalidOperationException("the probe fails this wake-up");
        }

        if (!command.IgnoreWakes && plan.State.Due <= now)
        {
            DateTimeOffset? due = command.Daily ? plan.State.Due?.AddDays(1) : null;
            await plan.Commit(plan.State with { Wakes = plan.State.Wakes + 1, Due = due }, DeactivateOnIdle);
        }
    }
}

/// <summary>Counts a grain's wake-ups outside of the grain, failed ones included.</summary>
internal sealed class ProbeFailures
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> attempts = new();

    private readonly System.Collections.Concurrent.ConcurrentQueue<string> order = new();

    /// <summary>Told of every wake-up: which grain, and when by the product's clock.</summary>
    public Action<string, DateTimeOffset>? Woken { get; set; }

    /// <summary>The grains in the order of their wake-ups.</summary>
    public IReadOnlyCollection<string> Order => order;

    public int Next(string key)
    {
        order.Enqueue(key);
        return attempts.AddOrUpdate(key, 1, (_, count) => count + 1);
    }

    public int Attempts(string key) => attempts.GetValueOrDefault(key);
}

/// <summary>Handles the probe's messages as its <see cref="Answer"/> says.</summary>
internal sealed class ProbeHandler(string topic = ProbeHandler.TopicName) : IOutboxHandler
{
    public const string TopicName = "probe.said";

    private readonly System.Collections.Concurrent.ConcurrentQueue<string> handled = new();
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> expired = new();

    public string Topic => topic;

    public IOutboxPace? Pace { get; init; }

    public Func<OutboxMessage, CancellationToken, Task<OutboxResult>> Answer { get; set; } =
        (_, _) => Task.FromResult(OutboxResult.Done);

    public IReadOnlyCollection<string> Handled => handled;

    public IReadOnlyCollection<string> ExpiredKeys => expired;

    public Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        handled.Enqueue(message.Key);
        return Answer(message, cancellationToken);
    }

    public Task Expired(OutboxMessage message, CancellationToken cancellationToken)
    {
        expired.Enqueue(message.Key);
        return Task.CompletedTask;
    }
}
