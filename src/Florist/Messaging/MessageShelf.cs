using System.Collections.Immutable;
using Florist.Kernel;
using Orleans.Runtime;

namespace Florist.Messaging;

/// <summary>Reads the messages of a correspondence from its child rows.</summary>
internal sealed class MessageShelf(IGrainRows rows)
{
    /// <summary>The grain type of correspondences; part of the storage key.</summary>
    public const string GrainType = "correspondence";

    /// <summary>The correspondence of a customer, without waking it.</summary>
    public static GrainId Of(string customerId) => GrainId.Create(GrainType, customerId);

    /// <summary>A message; null when there is none of that id.</summary>
    public async Task<MessageRecord?> Find(GrainId owner, MessageId id, CancellationToken cancellationToken)
    {
        ImmutableArray<MessageRecord> all = await OfNews(owner, id.Value[..^1], cancellationToken);
        return all.FirstOrDefault(message => message.Id == id);
    }

    /// <summary>The messages of one piece of news, on all channels.</summary>
    public async Task<ImmutableArray<MessageRecord>> OfNews(
        GrainId owner, string prefix, CancellationToken cancellationToken)
    {
        int channelsMax = Enum.GetValues<Customers.Channel>().Length;
        ImmutableArray<GrainRow> read = await rows.Read(
            owner, MessageRecord.RowKind, channelsMax, after: prefix, cancellationToken: cancellationToken);
        return [.. read
            .Where(row => row.Id.StartsWith(prefix, StringComparison.Ordinal))
            .Select(row => FloristJson.Read<MessageRecord>(row.Body))];
    }

    /// <summary>Messages from the newest event to the oldest.</summary>
    /// <param name="owner">The correspondence.</param>
    /// <param name="max">At most so many.</param>
    /// <param name="after">Begin behind this id; null begins with the newest.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<ImmutableArray<MessageRecord>> Newest(
        GrainId owner, int max, string? after, CancellationToken cancellationToken)
    {
        ImmutableArray<GrainRow> read = await rows.Read(
            owner, MessageRecord.RowKind, max, after, backwards: true, cancellationToken);
        return [.. read.Select(row => FloristJson.Read<MessageRecord>(row.Body))];
    }

    /// <summary>Ids of messages, oldest first.</summary>
    public async Task<ImmutableArray<string>> Ids(GrainId owner, int max, CancellationToken cancellationToken)
    {
        ImmutableArray<GrainRow> read = await rows.Read(
            owner, MessageRecord.RowKind, max, cancellationToken: cancellationToken);
        return [.. read.Select(row => row.Id)];
    }
}
