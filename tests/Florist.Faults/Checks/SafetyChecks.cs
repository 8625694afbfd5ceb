using System.Collections.Immutable;
using Florist.Customers;
using Florist.Delivery;
using Florist.Faults.Load;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Occasions;
using Florist.Orders;
using Florist.Stock;
using NodaTime;

namespace Florist.Faults.Checks;

/// <summary>
/// What must hold at every instant, also right after a crash: I1 what was answered is there, I2 what is there was asked
/// for and once, I3 nothing was sent more often than its kind allows, I4 nothing left whose cause is not stored, I5
/// wake-ups and states agree, I6 deliveries moved lawfully, I8 the file is whole, I9 indexes say what the states say.
/// </summary>
internal sealed class SafetyChecks(Evidence evidence)
{
    private readonly List<string> violations = [];

    /// <summary>What does not hold; empty when all does.</summary>
    public ImmutableArray<string> Run()
    {
        WhatWasAnsweredIsThere();
        WhatIsThereWasAskedForOnce();
        NothingIsSentTooOften();
        NothingLeftWithoutItsCause();
        WakesAgreeWithStates();
        DeliveriesMovedLawfully();
        Expect(evidence.Database.Integrity == "ok", $"I8 {evidence.Database.Integrity}");
        IndexesAgreeWithStates();
        return [.. violations];
    }

    private void WhatWasAnsweredIsThere()
    {
        foreach (Operation done in evidence.Asked.Values.Where(operation => operation.Known == Known.Done))
        {
            Expect(IsThere(done), $"I1 {done.Asked} {done.Tag} ({done.Name}) was answered and is not there");
        }
    }

    private bool IsThere(Operation operation)
    {
        switch (operation.Asked)
        {
            case Asked.Customer:
                return evidence.Customers.GetValueOrDefault(LastPart(operation.Name))?.Profile.GivenName == operation.Tag;
            case Asked.Occasion:
                return evidence.Occasions.Any(one => one.Occasion.Details.Title == operation.Tag
                    && operation.Name.EndsWith($"/{one.Occasion.Id}", StringComparison.Ordinal));
            case Asked.Order:
                return evidence.Orders.GetValueOrDefault(LastPart(operation.Name))?.Draft.Card?.Text == operation.Tag;
        }

        string id = LastPart(evidence.Asked[operation.Parent].Name);
        OrderRecord order = evidence.Orders.GetValueOrDefault(id) ?? new OrderRecord();
        return operation.Asked switch
        {
            Asked.Assignment => order.CurrentDelivery is { Leg: 1 },
            Asked.Report => evidence.History[id].Count(entry => entry.Report?.EventId == operation.Tag) == 1,
            _ => order is { State: OrderState.Cancelled, Cancellation: not null },
        };
    }

    private void WhatIsThereWasAskedForOnce()
    {
        Once(Asked.Customer, evidence.Customers.Values.Select(customer => customer.Profile.GivenName));
        Once(Asked.Occasion, evidence.Occasions.Select(one => one.Occasion.Details.Title));
        Once(Asked.Order, evidence.Orders.Values.Select(order => order.Draft.Card?.Text ?? ""));
        Once(Asked.Report, evidence.History.SelectMany(order => order)
            .Select(entry => entry.Report?.EventId).OfType<string>());
    }

    private void Once(Asked asked, IEnumerable<string> found)
    {
        foreach (IGrouping<string, string> tag in found.GroupBy(tag => tag, StringComparer.Ordinal))
        {
            Operation? operation = evidence.Asked.GetValueOrDefault(tag.Key);
            Expect(operation?.Asked == asked, $"I2 there is a {asked} '{tag.Key}' that nobody asked for");
            Expect(operation?.Known != Known.Refused, $"I2 {asked} {tag.Key} was refused ({operation?.Refusal}) and is there");
            Expect(tag.Count() == 1, $"I2 {asked} {tag.Key} is there {tag.Count()} times, asked {operation?.Sent} times");
        }
    }

    private void NothingIsSentTooOften()
    {
        foreach (Letter letter in evidence.Letters)
        {
            // Only what cannot be looked up, and is worse missed than read twice, may come twice, and is marked.
            int most = letter.Message.Resent ? 2 : 1;
            int sent = evidence.Sent[letter.Key].Count();
            Expect(sent <= most, $"I3 {letter.Message.Kind} {letter.Key} was sent {sent} times, {most} at most: {letter.Message}");
            bool mayBeResent = KindPolicy.Of(letter.Message.Kind).ResendUnknown && letter.Message.Channel == Channel.Email;
            Expect(!letter.Message.Resent || mayBeResent, $"I3 {letter.Message.Kind} {letter.Key} was sent again");
        }

        foreach (IGrouping<string, Payment> key in evidence.Payments.GroupBy(payment => payment.Key))
        {
            Expect(key.Count() == 1, $"I3 {key.Key} was paid {key.Count()} times");
        }
    }

    private void NothingLeftWithoutItsCause()
    {
        Dictionary<string, MessageRecord> letters =
            evidence.Letters.ToDictionary(letter => letter.Key, letter => letter.Message, StringComparer.Ordinal);
        foreach (IGrouping<string, Providers.SentMessage> sent in evidence.Sent)
        {
            bool intended = letters.GetValueOrDefault(sent.Key)?.AttemptedAt is not null;
            Expect(intended, $"I4 {sent.First()} left, and no intent to send it is stored");
        }

        HashSet<string> orders = [.. evidence.Orders.Keys];
        foreach (Payment payment in evidence.Payments)
        {
            Expect(
                orders.Any(order => payment.Key.Contains(order, StringComparison.Ordinal)),
                $"I4 {payment.Key} was paid, and there is no such order");
        }
    }

    private void WakesAgreeWithStates()
    {
        Dictionary<string, DateTimeOffset?> dues = new(StringComparer.Ordinal);
        foreach ((string key, CustomerRecord customer) in evidence.Customers)
        {
            dues[$"customer/{key}"] = customer.NextDue;
        }

        foreach ((string key, OrderRecord order) in evidence.Orders)
        {
            dues[$"order/{key}"] = order.NextDue;
        }

        ReminderPolicy policy = ReminderPolicy.Of(
            new OccasionsOptions(), new OrdersOptions(), DateTimeZoneProviders.Tzdb);
        foreach ((string key, OccasionBook book) in evidence.Books)
        {
            dues[$"occasions/{key}"] = (book with
            {
                Customer = new CustomerId(key),
                Policy = policy,
                Occasions = book.Occasions.AddRange(evidence.Children[(key, OccasionBook.OccasionRow)]
                    .Select(row => KeyValuePair.Create(row.Id, FloristJson.Read<Occasion>(row.Body)))),
            }).NextDue;
        }

        foreach ((string key, DayBook day) in evidence.Days)
        {
            dues[$"delivery-day/{key}"] = day.WithClaims(Claims<PlaceAndStems>.Of(
                evidence.Children[(key, Claims<PlaceAndStems>.RowKind)].Select(row => row.Body))).NextDue;
        }

        foreach ((string grain, DateTimeOffset? due) in dues)
        {
            StoredWake? wake = evidence.Database.Wakes.GetValueOrDefault(grain);
            Expect((due is null) == (wake is null), $"I5 {grain} is due at {due:O} and its wake-up is {wake}");
            Expect(
                due is null || wake is null || wake.DueAt <= due.Value.ToUnixTimeMilliseconds() + 1,
                $"I5 {grain} is due at {due:O} and would be woken at {wake?.DueAt}");
        }

        // Others, as the passes of the engine, have states that are not judged here.
        foreach (string grain in evidence.Database.Wakes.Keys.Where(grain => grain.Split('/')[0] is
            "customer" or "order" or "occasions"))
        {
            Expect(dues.ContainsKey(grain), $"I5 {grain} would be woken and has no state");
        }
    }

    private void DeliveriesMovedLawfully()
    {
        foreach ((string id, OrderRecord order) in evidence.Orders)
        {
            DeliveryState at = DeliveryState.Pending;
            long number = 0;
            foreach (DeliveryHistoryEntry entry in evidence.History[id])
            {
                Expect(entry.Number == ++number, $"I6 order {id} has no entry {number} in its history");
                Expect(entry.State == at || Leads(at, entry.State), $"I6 order {id} went from {at} to {entry.State}");
                at = entry.State;
            }

            DeliveryState? delivery = order.CurrentDelivery?.State;
            Expect(delivery is null || delivery == at, $"I6 order {id}: the delivery is {delivery}, its history {at}");
            bool settled = order.State is not (OrderState.PendingPayment or OrderState.Expired);
            Expect(
                delivery is null || (settled && OrderRules.StateBy(order.State, delivery.Value) == order.State),
                $"I6 order {id} is {order.State} with its delivery {delivery}");
        }
    }

    private static bool Leads(DeliveryState from, DeliveryState to)
    {
        HashSet<DeliveryState> reached = [from];
        while (true)
        {
            int before = reached.Count;
            reached.UnionWith(DeliveryTransitions.All.Where(move => reached.Contains(move.From)).Select(move => move.To));
            if (reached.Contains(to) || reached.Count == before)
            {
                return reached.Contains(to);
            }
        }
    }

    private void IndexesAgreeWithStates()
    {
        ImmutableSortedSet<string> orders = [.. evidence.Orders.Keys];
        Expect(orders.SetEquals(evidence.Database.Orders.Keys), "I9 the orders' index has other orders than there are");
        foreach ((string id, OrderRecord order) in evidence.Orders)
        {
            Expect(
                evidence.Database.Orders.GetValueOrDefault(id) == FloristJson.Write(order.Bare()),
                $"I9 the index says otherwise about order {id}");
        }

        ImmutableSortedSet<string> customers =
            [.. evidence.Customers.Where(pair => pair.Value.Exists).Select(pair => pair.Key)];
        Expect(customers.SetEquals(evidence.Database.Customers.Keys), "I9 the customers' index has other customers");
        foreach (string id in customers)
        {
            Expect(
                evidence.Database.Customers.GetValueOrDefault(id)
                    == FloristJson.Write(evidence.Customers[id].View(new CustomerId(id))),
                $"I9 the index says otherwise about customer {id}");
        }
    }

    private void Expect(bool holds, string violation)
    {
        if (!holds)
        {
            violations.Add(violation);
        }
    }

    private static string LastPart(string name) => name[(name.LastIndexOf('/') + 1)..];
}
