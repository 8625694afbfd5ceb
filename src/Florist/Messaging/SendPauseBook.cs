using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Florist.Kernel;

namespace Florist.Messaging;

/// <summary>The pauses in force.</summary>
internal sealed record SendPauseBook : IDurableState<SendPauseBook>
{
    /// <summary>By id.</summary>
    public ImmutableSortedDictionary<string, SendPause> Pauses { get; init; } =
        ImmutableSortedDictionary.Create<string, SendPause>(StringComparer.Ordinal);

    /// <summary>Pauses so far.</summary>
    public long Revision { get; init; }

    [JsonIgnore]
    public DateTimeOffset? NextDue => null;

    [JsonIgnore]
    public Effects Effects { get; init; } = Effects.None;

    [JsonIgnore]
    public Answered Answered { get; init; } = Answered.None;

    public SendPauseBook With(Effects effects) => this with { Effects = effects };

    /// <summary>True while a pause concerns the attempt.</summary>
    public bool Holds(SendAttempt attempt) => Pauses.Values.Any(pause => pause.Scope.Concerns(attempt));

    /// <summary>With a pause more.</summary>
    public SendPauseBook Add(PauseSends command, DateTimeOffset now)
    {
        SendPause pause = new()
        {
            Scope = command.Scope,
            Reason = command.Order.Reason,
            Actor = command.Order.Actor,
            Since = now,
            Revision = Revision + 1,
        };
        return this with { Pauses = Pauses.SetItem(command.Scope.Id, pause), Revision = pause.Revision };
    }

    /// <summary>The pause that a command ends, or why it cannot.</summary>
    public Outcome<SendPause> Ended(ResumeSends command) =>
        !Pauses.TryGetValue(command.Id, out SendPause? pause) ? Fault.NotFound($"sendPauses/{command.Id}")
        : !Etags.Matches(command.Etag, pause.Revision) ? Fault.Stale(pause.Name)
        : pause;
}
