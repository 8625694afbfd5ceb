using Florist.Customers;
using Florist.Kernel;
using Orleans;

namespace Florist.Messaging;

/// <summary>Messages whose outcome nobody could find out, for an operator to say what becomes of them.</summary>
internal sealed class UncertainSends(IGrainFactory grains) : IParkedSource
{
    private const string Table = "uncertain_send";

    public ParkedSource Source => ParkedSource.Send;

    public bool CanRetry => true;

    public bool CanDrop => true;

    /// <summary>Whether a message is one: its provider may have it, and nobody will ask again.</summary>
    public static bool IsOne(MessageRecord message) => message is { State: MessageState.Uncertain, IsOver: true };

    /// <summary>The row of a message.</summary>
    public static RowChange Put(CustomerId customer, MessageRecord message, DateTimeOffset now) => new()
    {
        Table = Table,
        Key = Key(customer, message.Id),
        Values =
        [
            new("kind", MessageListing.Word(message.Kind)),
            new("channel", MessageListing.Word(message.Channel)),
            new("attempts", message.Attempts),
            new("since", (DateTimeOffset?)now),
        ],
    };

    /// <summary>Removes the row of a message, if it has one.</summary>
    public static RowChange Delete(CustomerId customer, MessageId message) =>
        new() { Table = Table, Key = Key(customer, message) };

    public Task<bool> Retry(string key, CancellationToken cancellationToken) => Resolve(key, again: true);

    public Task<bool> Drop(string key, CancellationToken cancellationToken) => Resolve(key, again: false);

    private Task<bool> Resolve(string key, bool again)
    {
        string[] parts = key.Split('/');
        return grains.GetGrain<ICorrespondenceGrain>(parts[0]).Resolve(new MessageId(parts[^1]), again);
    }

    private static System.Collections.Immutable.ImmutableArray<RowField> Key(CustomerId customer, MessageId message) =>
        [new("customer_id", customer.Value), new("message_id", message.Value)];
}
