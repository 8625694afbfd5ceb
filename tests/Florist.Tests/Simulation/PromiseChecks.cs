using System.Collections.Immutable;
using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Occasions;
using Florist.Orders;

namespace Florist.Tests.Simulation;

/// <summary>Whether everybody got what they were told, and nobody what they did not ask for: I1 and I2.</summary>
internal sealed class PromiseChecks(Simulation simulation)
{
    private Oracle Oracle => simulation.Oracle;

    public void Check()
    {
        foreach (CustomerLife customer in simulation.Customers)
        {
            Check(customer);
        }

        foreach (OrderLife order in simulation.Orders)
        {
            Check(order);
        }

        Strangers("customer", simulation.Customers.Select(customer => customer.Id));
        Strangers("order", simulation.Orders.Select(order => order.Id));
    }

    /// <summary>The stored state of a customer; null when there is none.</summary>
    public static CustomerRecord? CustomerOf(Oracle oracle, string id) =>
        State<CustomerRecord>(oracle, $"customer/{id}");

    /// <summary>The stored state of an order; null when there is none.</summary>
    public static OrderRecord? OrderOf(Oracle oracle, string id) => State<OrderRecord>(oracle, $"order/{id}");

    private static T? State<T>(Oracle oracle, string key)
        where T : class =>
        oracle.List(
            "SELECT body FROM grain_state WHERE grain_key = $1 AND body IS NOT NULL",
            row => FloristJson.Read<T>(row.GetFieldValue<byte[]>(0)),
            key).FirstOrDefault();

    private void Check(CustomerLife life)
    {
        CustomerRecord? stored = CustomerOf(Oracle, life.Id);
        if (life.Creation is not { } creation || stored is null)
        {
            Claim("I1", life.Creation is not { IsDone: true }, $"{life.Id} was created and is gone");
            return;
        }

        Claim("I2", creation.MayHaveHappened, $"{life.Id} was never created and is there");
        if (stored.PurgedAt is not null)
        {
            Claim("I2", life.MayBeDeleted, $"{life.Id} was never deleted and is purged");
            return;
        }

        CheckDeletion(life, stored);
        CheckName(life, stored.Profile.FamilyName);
        CheckKept(life.Id, "recipient", life.Recipients, Oracle.List(
            "SELECT id FROM grain_row WHERE owner = $1 AND kind = $2",
            row => row.GetString(0),
            $"customer/{life.Id}",
            CustomerRecord.RecipientKind));
        CheckKept(life.Id, "occasion", life.Occasions, Oracle.List(
            "SELECT body FROM grain_row WHERE owner = $1 AND kind = $2",
            row => FloristJson.Read<Occasion>(row.GetString(0)).Details.Title,
            $"occasions/{life.Id}",
            OccasionBook.OccasionRow));
    }

    private void CheckDeletion(CustomerLife life, CustomerRecord stored)
    {
        ImmutableArray<bool> possible = [.. Possible(life.Deletions).DefaultIfEmpty(false)];
        if (life.Deletions.TrueForAll(entry => !entry.Call.IsDone))
        {
            possible = possible.Add(false);
        }

        bool isDeleted = stored.DeletedAt is not null;
        Claim("I1", possible.Contains(isDeleted), $"the deletion of {life.Id} is not as it was told");
    }

    private void CheckName(CustomerLife life, string name)
    {
        ImmutableArray<string> possible = Possible(life.Names);
        Claim("I1", possible.Contains(name), $"{life.Id} is called {name} instead of {string.Join(" or ", possible)}");
    }

    /// <summary>
    /// What the last of several writes may have left: everything that may have happened and was not surely followed by
    /// another.
    /// </summary>
    private static ImmutableArray<T> Possible<T>(IReadOnlyList<(ClientCall Call, T Value)> writes) =>
    [
        .. writes.Where(write => write.Call.MayHaveHappened
                && !writes.Any(later => later.Call.IsDone && write.Call.IsDone
                    && later.Call.BegunAt > write.Call.EndedAt))
            .Select(write => write.Value),
    ];

    private void CheckKept(
        string customer, string what, SortedDictionary<string, CustomerLife.Kept> wanted, ImmutableArray<string> found)
    {
        foreach ((string name, CustomerLife.Kept kept) in wanted)
        {
            int count = found.Count(one => one == name);
            bool mayBeRemoved = kept.Removed is { MayHaveHappened: true };
            Claim("I1", count > 0 || mayBeRemoved || !kept.Added.IsDone, $"{what} {name} of {customer} is gone");
            Claim("I2", count == 0 || kept.Added.MayHaveHappened, $"{what} {name} of {customer} was never added");
            Claim("I2", count <= 1, $"{what} {name} of {customer} is there {count} times");
            Claim("I1", count == 0 || kept.Removed is not { IsDone: true }, $"{what} {name} of {customer} came back");
        }

        foreach (string stranger in found.Where(name => !wanted.ContainsKey(name)))
        {
            Claim("I2", false, $"nobody asked for {what} {stranger} of {customer}");
        }
    }

    private void Check(OrderLife life)
    {
        OrderRecord? stored = OrderOf(Oracle, life.Id);
        if (stored is null || life.Placing is not { } placing)
        {
            Claim("I1", life.Placing is not { IsDone: true }, $"order {life.Id} was taken and is gone");
            return;
        }

        Claim("I2", placing.MayHaveHappened, $"order {life.Id} was refused and is there");
        Claim(
            "I1",
            stored.State == OrderState.Cancelled || life.Cancellations.TrueForAll(call => !call.IsDone),
            $"order {life.Id} was cancelled and is {stored.State}");
        Claim(
            "I2",
            stored.State != OrderState.Cancelled || life.Cancellations.Exists(call => call.MayHaveHappened),
            $"nobody has cancelled order {life.Id}");
        CheckReports(life);
    }

    private void CheckReports(OrderLife life)
    {
        Dictionary<string, int> kept = Oracle.List(
                "SELECT body FROM grain_row WHERE owner = $1 AND kind = $2",
                row => FloristJson.Read<DeliveryHistoryEntry>(row.GetString(0)).Report?.EventId ?? "",
                $"order/{life.Id}",
                DeliveryHistory.RowKind)
            .GroupBy(id => id).ToDictionary(group => group.Key, group => group.Count());
        foreach ((string id, OrderLife.Reported reported) in life.Reports)
        {
            int count = kept.GetValueOrDefault(id);
            bool isApplied = reported.Disposition is Disposition.Applied or Disposition.Backfilled;
            Claim("I1", count > 0 || !isApplied, $"report {id} of {life.Id} was {reported.Disposition} and is gone");

            // Events are remembered for a week by the shop's clock; a longer downtime lets a repeat come later.
            (TimeSpan ahead, _) = simulation.Clock.WorstBetween(reported.Call.BegunAt, reported.LastAt);
            TimeSpan span = reported.LastAt - reported.Call.BegunAt + ahead;
            Claim(
                "I2",
                count <= 1 || span > SeenEvents.KeptFor - TimeSpan.FromHours(1),
                $"report {id} of {life.Id} was decided {count} times");
        }
    }

    private void Strangers(string type, IEnumerable<string> known)
    {
        HashSet<string> keys = [.. known.Select(id => $"{type}/{id}")];
        foreach (string key in Oracle.List(
            "SELECT grain_key FROM grain_state WHERE state_name = $1", row => row.GetString(0), type))
        {
            Claim("I2", keys.Contains(key), $"nobody asked for {key}");
        }
    }

    private void Claim(string invariant, bool holds, string otherwise)
    {
        if (!holds)
        {
            simulation.Broken(invariant, otherwise);
        }
    }
}
