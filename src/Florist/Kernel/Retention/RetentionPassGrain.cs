using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace Florist.Kernel;

/// <summary>Takes the old away, once a day, page by page. Key: <see cref="Key"/>.</summary>
public interface IRetentionPassGrain : IGrainWithStringKey
{
    /// <summary>The only key.</summary>
    const string Key = "all";

    /// <summary>Has passes begin, or carry on after a stop. Safe to repeat.</summary>
    Task Begin();
}

/// <summary>How far a pass has come.</summary>
internal sealed record RetentionPass : IDurableState<RetentionPass>
{
    /// <summary>The source that it has come to; null at its start.</summary>
    public string? Source { get; init; }

    /// <summary>Where in it; null at its start.</summary>
    public string? After { get; init; }

    /// <summary>Where the last pass ended, of sources that go on from there.</summary>
    public ImmutableSortedDictionary<string, string> Places { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>What this pass has removed so far.</summary>
    public long Removed { get; init; }

    /// <summary>When it goes on, or the next begins; null before the first.</summary>
    public DateTimeOffset? NextAt { get; init; }

    [JsonIgnore]
    public Effects Effects { get; init; } = Effects.None;

    [JsonIgnore]
    public DateTimeOffset? NextDue => NextAt;

    [JsonIgnore]
    public WakeClass WakeClass => WakeClass.Survey;

    public RetentionPass With(Effects effects) => this with { Effects = effects };
}

/// <summary>
/// One page a wake-up, with a pause between them. A crash costs a page that is looked at again, and nothing is lost by
/// that.
/// </summary>
[GrainType("retention-pass")]
internal sealed class RetentionPassGrain(
    [PersistentState("pass")] IPersistentState<RetentionPass> pass,
    IEnumerable<IRetentionSource> sources,
    TimeProvider time,
    IOptions<RetentionOptions> options,
    ILogger<RetentionPassGrain> log) : Grain, IRetentionPassGrain, IWakeable
{
    private static readonly TimeSpan BetweenPasses = TimeSpan.FromDays(1);

    private readonly ImmutableArray<IRetentionSource> inOrder =
        [.. sources.OrderBy(source => source.Name, StringComparer.Ordinal)];

    public Task Begin() => pass.State.NextAt is null
        ? pass.Commit(pass.State with { NextAt = time.GetUtcNow() }, DeactivateOnIdle)
        : Task.CompletedTask;

    public async Task OnWake(DateTimeOffset now)
    {
        if (pass.State.NextAt is null || pass.State.NextAt > now)
        {
            return;
        }

        // A source that is gone since is passed over.
        IRetentionSource? source = inOrder.FirstOrDefault(
            one => string.CompareOrdinal(one.Name, pass.State.Source ?? "") >= 0);
        if (source is null || !options.Value.Enabled)
        {
            EngineLog.RetentionPassed(log, pass.State.Removed);
            RetentionPass ended = new() { Places = pass.State.Places, NextAt = now + BetweenPasses };
            await pass.Commit(ended, DeactivateOnIdle);
            return;
        }

        string? after = source.Name == pass.State.Source && pass.State.After is { } place
            ? place
            : pass.State.Places.GetValueOrDefault(source.Name);
        RetentionPage page = await source.Page(after, now, CancellationToken.None);
        EngineMeter.Removed(source.Name, page.Removed);
        await pass.Commit(Behind(source, page, now), DeactivateOnIdle);
    }

    private RetentionPass Behind(IRetentionSource source, RetentionPage page, DateTimeOffset now)
    {
        RetentionPass next = pass.State with
        {
            Removed = pass.State.Removed + page.Removed,
            NextAt = now + options.Value.Pause,
        };
        if (!page.IsLast)
        {
            return next with { Source = source.Name, After = page.At };
        }

        // In ordinal order nothing stands between a name and the same with the last of all letters behind it.
        int at = inOrder.IndexOf(source);
        return next with
        {
            Source = at + 1 < inOrder.Length ? inOrder[at + 1].Name : source.Name + char.MaxValue,
            After = null,
            Places = source.GoesOn && page.At is { } end ? next.Places.SetItem(source.Name, end) : next.Places,
        };
    }
}

/// <summary>Has passes begin with the server.</summary>
internal sealed class RetentionStart(IGrainFactory grains, StartWork work) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => work.Begin(
        "retention", () => grains.GetGrain<IRetentionPassGrain>(IRetentionPassGrain.Key).Begin());

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
