using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Orleans.Runtime;

namespace Florist.Kernel;

/// <summary>
/// The commands that a grain has answered, so that a repeat of a request id gets the same answer and has no second
/// effect. Kept as child rows, written in the same commit as the effect; 24 hours and at most 256 a grain. What is
/// older goes with the next answer.
/// </summary>
public sealed record Answered
{
    /// <summary>The kind of the child rows.</summary>
    public const string RowKind = "answered";

    /// <summary>At most so many answers are kept for one grain.</summary>
    public const int AnswersMax = 256;

    /// <summary>An answer is kept at least this long.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    /// <summary>Nothing answered yet.</summary>
    public static readonly Answered None = new();

    private ImmutableDictionary<string, Answer> Answers { get; init; } =
        ImmutableDictionary.Create<string, Answer>(StringComparer.Ordinal);

    /// <summary>Reads a grain's answers; called once, in <c>OnActivateAsync</c>.</summary>
    public static async Task<Answered> Read(IGrainRows rows, GrainId owner, CancellationToken cancellationToken)
    {
        ImmutableArray<GrainRow> read =
            await rows.Read(owner, RowKind, AnswersMax + 1, cancellationToken: cancellationToken);
        return read.IsEmpty
            ? None
            : new Answered
            {
                Answers = read.ToImmutableDictionary(row => row.Id, row => FloristJson.Read<Answer>(row.Body)),
            };
    }

    /// <summary>
    /// True when the command must not be carried out now: it was answered before (same answer again), its request id
    /// was used for another command, or no further request id can be remembered.
    /// </summary>
    /// <param name="requestId">
    /// The caller's request id; null when the caller gave none, which is never a replay.
    /// </param>
    /// <param name="command">The whole command, whose JSON tells it from another.</param>
    /// <param name="now">The present.</param>
    /// <param name="earlier">What to answer.</param>
    public bool Replays<TCommand, TAnswer>(
        string? requestId, TCommand command, DateTimeOffset now, out Outcome<TAnswer> earlier)
    {
        earlier = Nothing<TAnswer>.Yet;
        if (requestId is null)
        {
            return false;
        }

        if (Answers.TryGetValue(requestId, out Answer? answer))
        {
            earlier = answer.Hash == HashOf(command)
                ? FloristJson.Read<TAnswer>(answer.Json)
                : Fault.Invalid("request_id", "REQUEST_ID_REUSED", "was used before, for another request");
            return true;
        }

        if (Answers.Count >= AnswersMax && Oldest().At + KeptFor > now)
        {
            earlier = Fault.TooMany("REQUEST_IDS_LIMIT", $"more than {AnswersMax} requests in a day")
                with
            { RetryAfter = Oldest().At + KeptFor - now };
            return true;
        }

        return false;
    }

    /// <summary>Remembers an answer; <paramref name="effects"/> gains the rows that make it durable.</summary>
    public Answered Remember<TCommand, TAnswer>(
        string? requestId, TCommand command, TAnswer answer, DateTimeOffset now, ref Effects effects)
    {
        if (requestId is null)
        {
            return this;
        }

        // Answers hold personal data, so none is kept longer than it is of use.
        ImmutableArray<string> old =
            [.. Answers.Where(pair => pair.Value.At + KeptFor <= now).Select(pair => pair.Key)];
        effects = old.Aggregate(effects, (all, id) => all.Put(RowChange.DeleteChild(RowKind, id)));
        Answer added = new(HashOf(command), FloristJson.Write(answer), now);
        effects = effects.Put(RowChange.PutChild(RowKind, requestId, FloristJson.Write(added)));
        return this with { Answers = Answers.RemoveRange(old).SetItem(requestId, added) };
    }

    /// <summary>When the answer of a row was given.</summary>
    internal static DateTimeOffset AnsweredAt(string body) => FloristJson.Read<Answer>(body).At;

    private Answer Oldest() => Answers.Values.MinBy(answer => answer.At)
        ?? throw new InvalidOperationException("nothing is answered yet");

    // The name is part of it because commands that do the opposite may look alike, as mute and unmute.
    private static string HashOf<TCommand>(TCommand command)
    {
        byte[] text = [.. Encoding.UTF8.GetBytes(typeof(TCommand).Name), .. FloristJson.WriteBytes(command)];
        return Convert.ToHexStringLower(SHA256.HashData(text).AsSpan(0, 16));
    }

    /// <summary>Placeholder for an out parameter that is not looked at.</summary>
    private static class Nothing<TAnswer>
    {
        public static readonly Outcome<TAnswer> Yet = new(default, null);
    }

    private sealed record Answer(string Hash, string Json, DateTimeOffset At);
}
