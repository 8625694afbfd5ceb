using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using Orleans;
using Orleans.Concurrency;

namespace Florist.Messaging;

/// <summary>
/// Which messages to customers do not leave at present. Every attempt to hand one to a provider asks here first and
/// tells when it is over, so that a pause can be waited for. Key: <see cref="Key"/>.
/// </summary>
public interface ISendPausesGrain : IGrainWithStringKey
{
    /// <summary>The only key.</summary>
    const string Key = "all";

    /// <summary>An attempt is about to begin.</summary>
    /// <returns>False while it is paused: then it must not begin.</returns>
    Task<bool> Enter(SendAttempt attempt);

    /// <summary>An attempt that was let in is over, whatever became of it.</summary>
    /// <param name="key">Its key.</param>
    Task Leave(string key);

    /// <summary>
    /// Pauses sends, durably: no attempt begins once this has returned. Pausing what is paused answers the pause that
    /// there is. Safe to repeat.
    /// </summary>
    Task<Outcome<SendPause>> Pause(PauseSends command);

    /// <summary>Ends a pause. Safe to repeat with the same request id.</summary>
    /// <returns>The pause as it was; <see cref="Fault.NotFound"/>; <see cref="Fault.Stale"/>.</returns>
    Task<Outcome<SendPause>> Resume(ResumeSends command);

    /// <summary>The pauses in force, in ordinal order of their ids.</summary>
    Task<ImmutableArray<SendPause>> List();

    /// <summary>
    /// Waits until attempts that a pause concerns have ended, but not for long: ask again. Takes no turn, so that they
    /// can tell.
    /// </summary>
    /// <returns>How many are still under way.</returns>
    [AlwaysInterleave]
    Task<int> AwaitAttempts(SendScope scope);
}

/// <summary>What a pause concerns.</summary>
/// <param name="Channel">Only this channel; null for all.</param>
/// <param name="Kind">Only this kind; null for all.</param>
public sealed record SendScope(Channel? Channel, MessageKind? Kind)
{
    /// <summary>The id of its pause, as <c>sms-occasion-reminder</c>.</summary>
    public string Id => (Channel, Kind) switch
    {
        (null, null) => "everything",
        ({ } channel, null) => Word(channel.ToString()),
        (null, { } kind) => Word(kind.ToString()),
        ({ } channel, { } kind) => $"{Word(channel.ToString())}-{Word(kind.ToString())}",
    };

    /// <summary>Whether it concerns an attempt. One whose kind is not known may be of any.</summary>
    public bool Concerns(SendAttempt attempt) =>
        (Channel is null || Channel == attempt.Channel)
        && (Kind is null || attempt.Kind is null || Kind == attempt.Kind);

    private static string Word(string name) => string.Concat(name.Select((c, i) =>
        (char.IsAsciiLetterUpper(c) && i > 0 ? "-" : "") + char.ToLowerInvariant(c)));
}

/// <summary>An attempt to hand a message to a provider.</summary>
/// <param name="Key">Tells it from others.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Kind">What the message tells; null when that is not known.</param>
public sealed record SendAttempt(string Key, Channel Channel, MessageKind? Kind);

/// <summary>A pause.</summary>
public sealed record SendPause
{
    /// <summary>What it concerns.</summary>
    public SendScope Scope { get; init; } = new(null, null);

    /// <summary>Why.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Who, as <c>staff:kim</c>.</summary>
    public string Actor { get; init; } = "";

    /// <summary>Since when.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Differs between pauses of the same scope.</summary>
    public long Revision { get; init; }

    /// <summary>The resource name.</summary>
    public string Name => $"sendPauses/{Scope.Id}";
}

/// <summary>Asks for a pause.</summary>
/// <param name="Order">Who, and why.</param>
/// <param name="Scope">Of what.</param>
public sealed record PauseSends(OperatorOrder Order, SendScope Scope);

/// <summary>Asks for the end of a pause.</summary>
/// <param name="Order">Who, and why.</param>
/// <param name="Id">The pause's id.</param>
/// <param name="Etag">Only if this is still its etag; null for any.</param>
public sealed record ResumeSends(OperatorOrder Order, string Id, string? Etag);
