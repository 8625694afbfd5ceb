using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace Florist.Kernel;

/// <summary>Computes the wake-ups of a grain type anew. Key: the grain type.</summary>
public interface IReschedulePassGrain : IGrainWithStringKey
{
    /// <summary>
    /// Begins a pass over all grains of the type, unless the last one was for the same basis. Safe to repeat.
    /// </summary>
    /// <param name="signature">See <see cref="ScheduleBasis.Signature"/>.</param>
    Task Begin(string signature);
}

/// <summary>How far a pass has come.</summary>
internal sealed record ReschedulePass : IDurableState<ReschedulePass>
{
    /// <summary>What the wake-ups are computed from; null before the first pass.</summary>
    public string? Signature { get; init; }

    /// <summary>What they shall be computed from, while a pass is under way; null otherwise.</summary>
    public string? Wanted { get; init; }

    /// <summary>The grain that the pass has come to; null at its start.</summary>
    public string? After { get; init; }

    /// <summary>When it goes on; null when none is under way.</summary>
    public DateTimeOffset? NextAt { get; init; }

    [JsonIgnore]
    public Effects Effects { get; init; } = Effects.None;

    [JsonIgnore]
    public DateTimeOffset? NextDue => NextAt;

    [JsonIgnore]
    public WakeClass WakeClass => WakeClass.Survey;

    public ReschedulePass With(Effects effects) => this with { Effects = effects };
}

/// <summary>The wake-ups of one page of a pass: the body of the outbox message that has them computed.</summary>
internal sealed record ReschedulePage(ImmutableArray<RescheduledGrain> Grains);

/// <summary>A grain, and the wake-up that was stored for it.</summary>
internal sealed record RescheduledGrain(string Grain, DateTimeOffset WakeAt);

/// <summary>
/// Walks through the wake rows page by page, one page a second, so that the pass disturbs nobody. A crash costs it
/// nothing but the time until its wake-up.
/// </summary>
[GrainType("reschedule-pass")]
internal sealed class ReschedulePassGrain(
    [PersistentState("pass")] IPersistentState<ReschedulePass> pass,
    IWakeTable table,
    TimeProvider time,
    ILogger<ReschedulePassGrain> log) : Grain, IReschedulePassGrain, IWakeable
{
    internal const string Topic = "engine.reschedule";
    internal const int PageMax = 100;

    private static readonly TimeSpan BetweenPages = TimeSpan.FromSeconds(1);

    private string GrainType => this.GetPrimaryKeyString();

    public async Task Begin(string signature)
    {
        if ((pass.State.Wanted ?? pass.State.Signature) == signature)
        {
            return;
        }

        bool any = !(await table.OfType(GrainType, null, 1, CancellationToken.None)).IsEmpty;
        ReschedulePass next = any
            ? pass.State with { Wanted = signature, After = null, NextAt = time.GetUtcNow() }
            : new ReschedulePass { Signature = signature };
        await pass.Commit(next, DeactivateOnIdle);
        if (any)
        {
            EngineLog.Rescheduling(log, GrainType, signature);
        }
    }

    public async Task OnWake(DateTimeOffset now)
    {
        if (pass.State.Wanted is not { } wanted || pass.State.NextAt > now)
        {
            return;
        }

        GrainId? after = pass.State.After is { } last ? GrainId.Parse(last) : null;
        ImmutableArray<WakeRow> rows = await table.OfType(GrainType, after, PageMax, CancellationToken.None);
        if (rows.IsEmpty)
        {
            await pass.Commit(new ReschedulePass { Signature = wanted }, DeactivateOnIdle);
            EngineLog.Rescheduled(log, GrainType, wanted);
            return;
        }

        string place = rows[^1].Grain.ToString();
        ReschedulePage page = new([.. rows.Select(row => new RescheduledGrain(row.Grain.ToString(), row.DueAt))]);
        ReschedulePass next = pass.State with { After = place, NextAt = now + BetweenPages };
        await pass.Commit(
            next.With(next.Effects.Send(OutboxMessage.Of(
                Topic, $"{Topic}:{wanted}:{place}", page, OutboxClass.Marketing))),
            DeactivateOnIdle);
    }
}
