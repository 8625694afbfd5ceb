using System.Collections.Immutable;
using Florist.Customers;
using Florist.Delivery;
using Florist.Faults.Load;
using Florist.Faults.Providers;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Occasions;
using Florist.Orders;
using Florist.Stock;

namespace Florist.Faults.Checks;

/// <summary>A reservation or release of the payment provider's.</summary>
/// <param name="Key">Its idempotency key.</param>
/// <param name="Reference">The reservation.</param>
internal sealed record Payment(string Key, string Reference);

/// <summary>A message with its owner.</summary>
internal sealed record Letter(string Customer, MessageRecord Message)
{
    /// <summary>The key under which providers know it.</summary>
    public string Key => $"{Customer}.{Message.Id}";
}

/// <summary>All that the checker judges by: what clients know, what the database holds, what providers did.</summary>
internal sealed class Evidence
{
    public Evidence(
        Snapshot database,
        ImmutableArray<Operation> asked,
        ImmutableArray<SentMessage> sent,
        ImmutableArray<Payment> payments)
    {
        Database = database;
        Asked = asked.ToImmutableDictionary(operation => operation.Tag, StringComparer.Ordinal);
        Sent = sent.ToLookup(message => message.Key, StringComparer.Ordinal);
        Payments = payments;
        Customers = Read<CustomerRecord>("customer");
        Orders = Read<OrderRecord>("order");
        Books = Read<OccasionBook>("occasions");
        Days = Read<DayBook>("day");
        Children = database.Children.ToLookup(row => (row.OwnerKey, row.Kind));
        Letters = [.. database.Children.Where(row => row.Kind == MessageRecord.RowKind)
            .Select(row => new Letter(row.OwnerKey, FloristJson.Read<MessageRecord>(row.Body)))];
        Occasions = [.. database.Children.Where(row => row.Kind == OccasionBook.OccasionRow)
            .Select(row => (row.OwnerKey, FloristJson.Read<Occasion>(row.Body)))];
        History = database.Children.Where(row => row.Kind == DeliveryHistory.RowKind)
            .Select(row => (row.OwnerKey, Entry: FloristJson.Read<DeliveryHistoryEntry>(row.Body)))
            .OrderBy(row => row.Entry.Number)
            .ToLookup(row => row.OwnerKey, row => row.Entry, StringComparer.Ordinal);
    }

    public Snapshot Database { get; }

    public ImmutableDictionary<string, Operation> Asked { get; }

    public ILookup<string, SentMessage> Sent { get; }

    public ImmutableArray<Payment> Payments { get; }

    public ImmutableDictionary<string, CustomerRecord> Customers { get; }

    public ImmutableDictionary<string, OrderRecord> Orders { get; }

    public ImmutableDictionary<string, OccasionBook> Books { get; }

    public ImmutableDictionary<string, DayBook> Days { get; }

    public ImmutableArray<Letter> Letters { get; }

    public ImmutableArray<(string Customer, Occasion Occasion)> Occasions { get; }

    /// <summary>Child rows by the key of their owner and their kind.</summary>
    public ILookup<(string OwnerKey, string Kind), ChildRow> Children { get; }

    /// <summary>What happened to deliveries, by order, in order.</summary>
    public ILookup<string, DeliveryHistoryEntry> History { get; }

    private ImmutableDictionary<string, T> Read<T>(string name) => Database.States
        .Where(row => row.Name == name)
        .ToImmutableDictionary(row => row.Key, row => FloristJson.Read<T>(row.Body), StringComparer.Ordinal);
}
