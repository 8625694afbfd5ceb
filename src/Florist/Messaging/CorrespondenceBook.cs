using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Florist.Customers;
using Florist.Kernel;

namespace Florist.Messaging;

/// <summary>
/// The state of a correspondence: how far the news of each order and delivery has come. The messages themselves are
/// child rows.
/// </summary>
internal sealed record CorrespondenceBook : IDurableState<CorrespondenceBook>
{
    /// <summary>
    /// So many orders and deliveries are remembered; of more, the ones without news for longest are forgotten.
    /// </summary>
    public const int ThingsMax = 48;

    public ImmutableSortedDictionary<string, ProgressMark> Progress { get; init; } =
        ImmutableSortedDictionary.Create<string, ProgressMark>(StringComparer.Ordinal);

    /// <summary>What is known of promises to the customer, by order and number.</summary>
    public ImmutableSortedDictionary<string, PromiseMark> Promises { get; init; } =
        ImmutableSortedDictionary.Create<string, PromiseMark>(StringComparer.Ordinal);

    /// <summary>True while something promised to the customer is to be put right.</summary>
    [JsonIgnore]
    public bool HasOpenPromise => Promises.Values.Any(mark => mark.IsOpen);

    /// <summary>The customer's revision at the last withdrawal: nothing is sent by what was known before it.</summary>
    public long HonouredRevision { get; init; }

    [JsonIgnore]
    public Effects Effects { get; init; } = Effects.None;

    /// <summary>Nothing wakes a correspondence: what waits, waits in the outbox.</summary>
    [JsonIgnore]
    public DateTimeOffset? NextDue => null;

    public CorrespondenceBook With(Effects effects) => this with { Effects = effects };

    /// <summary>
    /// The highest rank of news about the thing, or about the order it belongs to; null when nothing is known.
    /// </summary>
    public int? RankOf(NewsProgress news)
    {
        int? own = Progress.GetValueOrDefault(news.Thing)?.Rank;
        int? parent = news.Parent is { } order ? Progress.GetValueOrDefault(order)?.Rank : null;
        return own > parent || parent is null ? own : parent;
    }

    /// <summary>Remembers the news, unless more is known.</summary>
    public CorrespondenceBook Learn(NewsProgress? news, DateTimeOffset now)
    {
        if (news is null || Progress.GetValueOrDefault(news.Thing)?.Rank > news.Rank)
        {
            return this;
        }

        var progress = Progress.SetItem(news.Thing, new ProgressMark(news.Rank, now));
        while (progress.Count > ThingsMax)
        {
            progress = progress.Remove(progress.MinBy(entry => entry.Value.At).Key);
        }

        return this with { Progress = progress };
    }

    /// <summary>Remembers how a promise stands, unless later news of it is known.</summary>
    public CorrespondenceBook Hear(PromiseNote note, DateTimeOffset now)
    {
        if (Promises.GetValueOrDefault(note.Promise)?.News >= note.News)
        {
            return this;
        }

        var promises = Promises.SetItem(note.Promise, new PromiseMark(note.News, note.IsOpen, now));
        while (promises.Count > ThingsMax)
        {
            // Those that are over first: an open one still keeps other messages back.
            promises = promises.Remove(
                promises.OrderBy(entry => entry.Value.IsOpen).ThenBy(entry => entry.Value.At).First().Key);
        }

        return this with { Promises = promises };
    }

    /// <summary>Writes a message's row with the next commit.</summary>
    public CorrespondenceBook Put(MessageRecord message) => this with
    {
        Effects = Effects.Put(RowChange.PutChild(
            MessageRecord.RowKind, message.Id.Value, FloristJson.Write(message))),
    };

    /// <summary>Writes, with the next commit, that an operator has to say what becomes of a message.</summary>
    public CorrespondenceBook Ask(CustomerId customer, MessageRecord message, DateTimeOffset now) =>
        this with { Effects = Effects.Put(UncertainSends.Put(customer, message, now)) };

    /// <summary>Writes, with the next commit, that nobody has to.</summary>
    public CorrespondenceBook DoNotAsk(CustomerId customer, MessageId message) =>
        this with { Effects = Effects.Put(UncertainSends.Delete(customer, message)) };

    /// <summary>Sends the order to carry out a message's turn with the next commit.</summary>
    public CorrespondenceBook Send(OutboxMessage order) => this with { Effects = Effects.Send(order) };
}

/// <summary>How far something had come.</summary>
/// <param name="Rank">See <see cref="NewsRanks"/>.</param>
/// <param name="At">When that was learnt.</param>
internal sealed record ProgressMark(int Rank, DateTimeOffset At);

/// <summary>How a promise stood.</summary>
/// <param name="News">Number of the event that told it.</param>
/// <param name="IsOpen">True while it was to be put right.</param>
/// <param name="At">When that was learnt.</param>
internal sealed record PromiseMark(long News, bool IsOpen, DateTimeOffset At);
