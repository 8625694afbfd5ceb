using System.Collections.Immutable;
using Florist.Adapters.Sql;
using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Occasions;
using Florist.Orders;
using Florist.Stock;
using Florist.Vouchers;
using Microsoft.Data.Sqlite;

namespace Florist.Tests.Simulation;

/// <summary>Whether what is committed agrees with itself: I5, I6, I8, I9.</summary>
internal sealed class DataChecks(Simulation simulation)
{
    private static readonly ReminderPolicy Policy = ReminderPolicy.Of(
        new OccasionsOptions(), new OrdersOptions(), NodaTime.DateTimeZoneProviders.Tzdb);

    private static readonly ImmutableHashSet<(OrderState, OrderState)> OrderSteps =
    [
        (OrderState.PendingPayment, OrderState.Confirmed), (OrderState.PendingPayment, OrderState.Expired),
        (OrderState.PendingPayment, OrderState.Cancelled), (OrderState.Confirmed, OrderState.InDelivery),
        (OrderState.Confirmed, OrderState.Completed), (OrderState.Confirmed, OrderState.Cancelled),
        (OrderState.InDelivery, OrderState.Completed),
        (OrderState.Confirmed, OrderState.Preparing), (OrderState.Preparing, OrderState.Ready),
        (OrderState.Preparing, OrderState.InDelivery), (OrderState.Preparing, OrderState.Completed),
        (OrderState.Preparing, OrderState.Cancelled), (OrderState.Ready, OrderState.InDelivery),
        (OrderState.Ready, OrderState.Completed), (OrderState.Ready, OrderState.Cancelled),
    ];

    private static readonly ImmutableHashSet<(DeliveryState, DeliveryState)> DeliverySteps = Reachable();

    private readonly Dictionary<string, Seen> lastSeen = new(StringComparer.Ordinal);
    private long lastNumber;

    private Oracle Oracle => simulation.Oracle;

    /// <summary>I5: a wake-up row for the instant that the state names, and none where it names none.</summary>
    public void CheckWakes()
    {
        Dictionary<string, (long DueAt, bool Parked)> wakes = Oracle.List(
                "SELECT grain_key, due_at, parked FROM wake",
                row => (Key: row.GetString(0), Due: (row.GetInt64(1), row.GetInt64(2) != 0)))
            .ToDictionary(row => row.Key, row => row.Due, StringComparer.Ordinal);
        foreach ((string key, string state, byte[] body) in States())
        {
            DateTimeOffset? due = NextDue(key, state, body);
            bool has = wakes.Remove(key, out (long DueAt, bool Parked) row);
            if (due is { } instant ? !has || row.DueAt != SqlValue.RoundedUp(instant) : has)
            {
                simulation.Broken("I5", $"{key} is due at {due:O}, and its wake-up is {(has ? row.DueAt : "missing")}");
            }

            if (has && row.Parked)
            {
                simulation.Broken("I7", $"the wake-up of {key} is parked");
            }
        }

        foreach (string orphan in wakes.Keys)
        {
            simulation.Broken("I5", $"{orphan} has a wake-up and no state");
        }
    }

    /// <summary>I6: every step since the last look was legal, and no version was skipped or repeated.</summary>
    public void CheckPaths()
    {
        ImmutableArray<Seen> steps = Oracle.List(
            """
            SELECT number, grain, version, state, payment, delivery, attempt, leg_open, legs FROM seen_order
            WHERE number > $1 ORDER BY number
            """,
            Seen.Read,
            lastNumber);
        foreach (Seen now in steps)
        {
            lastNumber = now.Number;
            Seen? before = lastSeen.GetValueOrDefault(now.Grain);
            lastSeen[now.Grain] = now;
            if (now.Version != (before?.Version ?? 0) + 1)
            {
                simulation.Broken("I6", $"{now.Grain} went from version {before?.Version} to {now.Version}");
            }

            if (before is null ? now.State != OrderState.PendingPayment
                : now.State != before.State && !OrderSteps.Contains((before.State, now.State)))
            {
                simulation.Broken("I6", $"{now.Grain} went from {before?.State} to {now.State}");
            }

            if (before?.Delivery is { } was && now.Delivery is { } become && was != become
                && !DeliverySteps.Contains((was, become)))
            {
                simulation.Broken("I6", $"the delivery of {now.Grain} went from {was} to {become}");
            }

            if (now.Legs < before?.Legs || (now.Legs == before?.Legs && now.Attempt < before.Attempt))
            {
                simulation.Broken("I6", $"the delivery of {now.Grain} went back to an earlier leg or attempt");
            }
        }
    }

    /// <summary>I8.</summary>
    public void CheckIntegrity()
    {
        foreach (string trouble in Oracle.List("PRAGMA integrity_check", row => row.GetString(0)))
        {
            if (trouble != "ok")
            {
                simulation.Broken("I8", trouble);
            }
        }

        foreach ((string key, long count) in Oracle.List(
            "SELECT key, COUNT(*) FROM seen_message GROUP BY key HAVING COUNT(*) > 1",
            row => (row.GetString(0), row.GetInt64(1))))
        {
            simulation.Broken("I2", $"the message {key} was written {count} times");
        }
    }

    /// <summary>I9: the rows that listings read are what the states say, no more and no fewer.</summary>
    public void CheckIndexes()
    {
        long customers = 0;
        long orders = 0;
        foreach ((string key, string state, byte[] body) in States())
        {
            string id = key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..];
            if (state == "customer" && FloristJson.Read<CustomerRecord>(body) is { Exists: true } customer)
            {
                customers++;
                Compare(CustomerIndex.Row(customer.View(new CustomerId(id))));
                CompareTraits(key, customer.Traits);
            }

            if (state == "order")
            {
                orders++;
                Compare(OrderIndex.Row(FloristJson.Read<OrderRecord>(body)));
            }

            if (state == "producer")
            {
                CompareRejected(ProducerKey.Parse(id), FloristJson.Read<ProducerBook>(body).RejectedCount);
            }
        }

        Same("customer_index", customers, Oracle.Number("SELECT COUNT(*) FROM customer_index"));
        Same("order_index", orders, Oracle.Number("SELECT COUNT(*) FROM order_index"));
    }

    private static ImmutableHashSet<(DeliveryState, DeliveryState)> Reachable()
    {
        // Reports may be lost or late, so a step may stand for several; what is over stays as it is.
        HashSet<(DeliveryState From, DeliveryState To)> steps =
            [.. DeliveryTransitions.All.Select(move => (move.From, move.To))];
        int before;
        do
        {
            before = steps.Count;
            foreach ((DeliveryState from, DeliveryState over) in steps.ToArray())
            {
                foreach ((DeliveryState _, DeliveryState to) in steps.Where(step => step.From == over).ToArray())
                {
                    steps.Add((from, to));
                }
            }
        }
        while (steps.Count > before);
        return [.. steps];
    }

    private ImmutableArray<(string Key, string State, byte[] Body)> States() => Oracle.List(
        "SELECT grain_key, state_name, body FROM grain_state WHERE body IS NOT NULL",
        row => (row.GetString(0), row.GetString(1), row.GetFieldValue<byte[]>(2)));

    private DateTimeOffset? NextDue(string key, string state, byte[] body) => state switch
    {
        "customer" => FloristJson.Read<CustomerRecord>(body).NextDue,
        "order" => FloristJson.Read<OrderRecord>(body).NextDue,
        "occasions" => Book(key, body).NextDue,
        "correspondence" => FloristJson.Read<CorrespondenceBook>(body).NextDue,
        "producer" => FloristJson.Read<ProducerBook>(body).NextDue,
        "day" => FloristJson.Read<DayBook>(body).WithClaims(ClaimsOf<PlaceAndStems>(key)).NextDue,
        "goodwill" => FloristJson.Read<GoodwillBook>(body).NextDue,
        "voucher" => FloristJson.Read<VoucherBook>(body).WithUses(ClaimsOf<VoucherUse>(key)).NextDue,
        "receiptBook" => null,
        "pass" when key.StartsWith("retention", StringComparison.Ordinal) =>
            FloristJson.Read<RetentionPass>(body).NextDue,
        "pass" => FloristJson.Read<ReschedulePass>(body).NextDue,
        _ => throw new InvalidOperationException($"nobody has told the checker about states of the name '{state}'"),
    };

    private Claims<TContent> ClaimsOf<TContent>(string key)
        where TContent : class => Claims<TContent>.Of(Oracle.List(
            "SELECT body FROM grain_row WHERE owner = $1 AND kind = $2",
            row => row.GetString(0),
            key,
            Claims<TContent>.RowKind));

    private OccasionBook Book(string key, byte[] body) => FloristJson.Read<OccasionBook>(body) with
    {
        Customer = new CustomerId(key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..]),
        Policy = Policy,
        Occasions = Oracle.List(
                "SELECT id, body FROM grain_row WHERE owner = $1 AND kind = $2",
                row => (Id: row.GetString(0), Occasion: FloristJson.Read<Occasion>(row.GetString(1))),
                key,
                OccasionBook.OccasionRow)
            .ToImmutableSortedDictionary(row => row.Id, row => row.Occasion, StringComparer.Ordinal),
    };

    private void Compare(RowChange expected)
    {
        string columns = string.Join(", ", expected.Values.Select(field => field.Column));
        RowField key = expected.Key[0];
        ImmutableArray<object[]> found = Oracle.List(
            $"SELECT {columns} FROM {expected.Table} WHERE {key.Column} = $1",
            row =>
            {
                object[] values = new object[row.FieldCount];
                row.GetValues(values);
                return values;
            },
            key.Value);
        if (found.Length != 1)
        {
            simulation.Broken("I9", $"{expected.Table} has {found.Length} rows of {key.Value.Text}");
            return;
        }

        foreach ((RowField field, object value) in expected.Values.Zip(found[0]))
        {
            object? wanted = field.Value.Text ?? (object?)field.Value.Number;
            if (!Equals(wanted, value))
            {
                simulation.Broken("I9", $"{expected.Table} {key.Value.Text}: {field.Column} is {value}, not {wanted}");
            }
        }
    }

    private void CompareTraits(string key, CustomerTraits traits)
    {
        ImmutableArray<Purchase> purchases =
        [
            .. Oracle.List(
                "SELECT body FROM grain_row WHERE owner = $1 AND kind = 'purchase'",
                row => FloristJson.Read<Purchase>(row.GetString(0)),
                key).Where(one => !one.Withdrawn),
        ];
        Same($"orders of {key}", purchases.Length, traits.OrderCount);
        Same($"days of {key}", purchases.Select(one => one.Day).Distinct().Count(), traits.PurchaseDayCount);
        Same($"spend of {key}", purchases.Sum(one => one.Amount.Minor), traits.Spend.Values.Sum(one => one.Minor));
        if (!purchases.IsEmpty && (purchases.Min(one => one.Day), purchases.Max(one => one.Day))
            != (traits.FirstPurchaseOn, traits.LastPurchaseOn))
        {
            simulation.Broken("I9", $"the first and last purchase of {key} are others");
        }
    }

    private void CompareRejected(ProducerKey key, long count) => Same(
        $"rejected reports of {key}",
        count,
        Oracle.Number(
            "SELECT COUNT(*) FROM courier_rejected_update WHERE courier_id = $1 AND producer_id = $2",
            key.Courier.Value,
            key.Producer));

    private void Same(string what, long wanted, long? found)
    {
        if (wanted != found)
        {
            simulation.Broken("I9", $"{what}: {found} instead of {wanted}");
        }
    }

    private sealed record Seen(
        long Number, string Grain, long Version, OrderState State, DeliveryState? Delivery, long Attempt, long Legs)
    {
        public static Seen Read(SqliteDataReader row) => new(
            row.GetInt64(0),
            row.GetString(1),
            row.GetInt64(2),
            Enum.Parse<OrderState>(row.GetString(3)),
            row.IsDBNull(5) ? null : Enum.Parse<DeliveryState>(row.GetString(5)),
            row.IsDBNull(6) ? 0 : row.GetInt64(6),
            row.IsDBNull(8) ? 0 : row.GetInt64(8));
    }
}
