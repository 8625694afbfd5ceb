using System.Text.Json.Serialization;
using Florist.Kernel;

namespace Florist.Operations;

/// <summary>The state of the operators' desk; what was done stands in rows.</summary>
internal sealed record ParkedLedger : IDurableState<ParkedLedger>
{
    /// <summary>When the last backup was finished; null when there was none.</summary>
    public DateTimeOffset? LastBackupAt { get; init; }

    [JsonIgnore]
    public DateTimeOffset? NextDue => null;

    [JsonIgnore]
    public Effects Effects { get; init; } = Effects.None;

    [JsonIgnore]
    public Answered Answered { get; init; } = Answered.None;

    public ParkedLedger With(Effects effects) => this with { Effects = effects };
}
