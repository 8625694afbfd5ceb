using System.Collections.Immutable;
using System.Globalization;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Orders;

namespace Florist.Tests.Simulation;

/// <summary>An order from the basket to the door, with everybody who has a part in it.</summary>
internal sealed class OrderLife
{
    /// <summary>Where flowers go.</summary>
    public static readonly PostalAddress Home = new()
    {
        RegionCode = "GB",
        PostalCode = "BS1 4DJ",
        Locality = "Bristol",
        Lines = ["1 Quay Street"],
    };

    private static readonly OrdersOptions Options = new();
    private static readonly DeliveryId First = new("d1");
    private static readonly DeliveryActor Dispatcher = new(DeliveryRole.Dispatcher, "staff:dana");

    private readonly Simulation simulation;
    private readonly CustomerLife customer;
    private readonly OrderDraft draft;
    private readonly string token;
    private int made;

    public OrderLife(Simulation simulation, CustomerLife customer, int number)
    {
        this.simulation = simulation;
        this.customer = customer;
        Id = string.Create(CultureInfo.InvariantCulture, $"o{number}");
        token = simulation.Chance.Percent(90) ? "tok_ok" : SimulatedPayments.Declined;
        draft = Draft();
    }

    /// <summary>The order id.</summary>
    public string Id { get; }

    /// <summary>Whose it is.</summary>
    public CustomerLife Customer => customer;

    /// <summary>The call that placed it; null before it was made.</summary>
    public ClientCall? Placing { get; private set; }

    /// <summary>The calls that wanted to cancel it.</summary>
    public List<ClientCall> Cancellations { get; } = [];

    /// <summary>Reports about it, by event id, with what the shop made of them.</summary>
    public SortedDictionary<string, Reported> Reports { get; } = new(StringComparer.Ordinal);

    /// <summary>Where its delivery really ended; null while nobody was told.</summary>
    public DeliveryState? Truth { get; private set; }

    /// <summary>True while nobody but the courier of the one leg has moved the delivery.</summary>
    public bool IsPlain { get; private set; } = true;

    /// <summary>A report and what became of it.</summary>
    internal sealed class Reported
    {
        public required ClientCall Call { get; init; }

        /// <summary>What the shop said first; null before it did.</summary>
        public Disposition? Disposition { get; set; }

        /// <summary>When it was last said.</summary>
        public DateTimeOffset LastAt { get; set; }
    }

    private IOrderGrain Order(SimulatedMachine machine) => machine.Grain<IOrderGrain>(Id);

    private IDeliveryGrain Delivery(SimulatedMachine machine) => machine.Grain<IDeliveryGrain>(Id);

    private string Next(string what) => string.Create(CultureInfo.InvariantCulture, $"{what}{Id}-{made++}");

    /// <summary>The customer orders.</summary>
    public void Place()
    {
        string request = Next("place-");
        Placing = simulation.Calls.Begin($"{customer.Id} orders {Id}", Send, placed =>
        {
            if (placed.State != CallState.Refused)
            {
                Follow();
            }
        });

        async Task<Fault?> Send(SimulatedMachine machine)
        {
            if ((await machine.Grain<ICustomerGrain>(customer.Id).Get()).Failed(out Fault? nobody, out var view)
                || OrderParties.Of(draft, view).Failed(out nobody, out OrderContext? context))
            {
                return nobody;
            }

            Outcome<OrderRecord> answer = await Order(machine).Place(
                new PlaceOrder(request, new OrderId(Id), draft, context, null, token));
            if (answer.Failed(out Fault? fault, out OrderRecord? order))
            {
                return fault;
            }

            simulation.Oracle.RevisionWasCommitted($"order/{Id}", order.Revision);
            return null;
        }
    }

    private OrderDraft Draft()
    {
        DateOnly day = DateOnly.FromDateTime(simulation.Now.UtcDateTime).AddDays(simulation.Chance.Between(0, 25));
        Bouquet[] inSeason = [.. SimulatedMachine.Bouquets.Bouquets.Where(one => one.Months.Contains(day.Month))];
        return new OrderDraft
        {
            Contact = new DeliveryContact { GivenName = "Mary", Address = Home },
            Lines = [new(simulation.Chance.One(inSeason).Id, simulation.Chance.Between(1, 3))],
            DeliveryOn = day,
            Currency = "GBP",
            HazardsAcknowledged = true,
            Category = simulation.Chance.Percent(5) ? OccasionCategory.Sympathy : OccasionCategory.Birthday,
        };
    }

    private void Follow()
    {
        DateTimeOffset morning = new(draft.DeliveryOn, new TimeOnly(7, 0), TimeSpan.Zero);
        DateTimeOffset begin = morning > simulation.Now ? morning : simulation.Now + TimeSpan.FromMinutes(30);
        simulation.At(begin + simulation.Chance.Between(TimeSpan.Zero, TimeSpan.FromHours(2)), Assign);
        if (simulation.Chance.Percent(15))
        {
            bool byStaff = simulation.Chance.Percent(30);
            TimeSpan most = (begin - simulation.Now) * 1.05;
            simulation.In(simulation.Chance.Between(TimeSpan.Zero, most), () => Cancel(byStaff));
        }
    }

    private void Cancel(bool byStaff)
    {
        CancelOrder command = new(
            Next("cancel-"), null, byStaff ? "staff:dana" : $"customer:{customer.Id}", byStaff, null);
        IsPlain = false;
        Cancellations.Add(simulation.Calls.Begin(
            $"{Id} is to be cancelled", async machine => (await Order(machine).Cancel(command)).Fault));
    }

    private void Assign() => Assign("swift");

    private void Assign(string courier)
    {
        int leg = 0;
        AssignDelivery command = new(Next("assign-"), First, Dispatcher, new CourierId(courier), null);
        simulation.Calls.Begin($"{Id} goes to {courier}", Send, assigned =>
        {
            if (!assigned.IsDone)
            {
                return;
            }

            if (leg == 1 && simulation.Chance.Percent(8))
            {
                Unassign(courier, leg);
            }
            else
            {
                Deliver(courier, leg);
            }
        });

        async Task<Fault?> Send(SimulatedMachine machine)
        {
            Outcome<DeliveryRecord> answer = await Delivery(machine).Assign(command);
            if (answer.Failed(out Fault? fault, out DeliveryRecord? delivery))
            {
                return fault;
            }

            leg = delivery.Leg;
            return null;
        }
    }

    private void Unassign(string courier, int leg)
    {
        UnassignDelivery command = new(Next("unassign-"), First, Dispatcher, "late", null);
        IsPlain = false;
        simulation.Calls.Begin(
            $"{Id} is taken from {courier}",
            async machine => (await Delivery(machine).Unassign(command)).Fault,
            taken =>
            {
                // The first courier may not have heard of it, and goes on.
                Deliver(courier, leg);
                if (taken.IsDone)
                {
                    simulation.In(TimeSpan.FromMinutes(20), () => Assign("rapid"));
                }
            });
    }

    private void Deliver(string courier, int leg)
    {
        DateTimeOffset at = simulation.Now;
        foreach ((DeliveryState state, int attempt) in Story())
        {
            at += simulation.Chance.Between(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(90));
            Truth = state;
            CourierReport report = new()
            {
                Courier = new CourierId(courier),
                EventId = Next("e-"),
                Delivery = First,
                Leg = leg,
                Attempt = attempt,
                OccurTime = at,
                State = new StateReport
                {
                    State = state,
                    Outcome = state == DeliveryState.Delivered ? DeliveryOutcome.HandedToRecipient : null,
                    FailureReason = state switch
                    {
                        DeliveryState.AttemptFailed or DeliveryState.Returning => FailureReason.RecipientNotHome,
                        DeliveryState.Failed => FailureReason.Lost,
                        _ => null,
                    },
                },
            };
            Say(report, at);
        }
    }

    private List<(DeliveryState State, int Attempt)> Story()
    {
        List<(DeliveryState, int)> story = [(DeliveryState.OutForDelivery, 1)];
        int attempt = 1;
        if (simulation.Chance.Percent(70))
        {
            story.Add((DeliveryState.Arrived, 1));
        }

        if (simulation.Chance.Percent(20))
        {
            story.Add((DeliveryState.AttemptFailed, 1));
            if (simulation.Chance.Percent(70))
            {
                attempt = 2;
                story.Add((DeliveryState.OutForDelivery, 2));
            }
        }

        switch (simulation.Chance.Below(20))
        {
            case 0:
                story.Add((DeliveryState.Failed, attempt));
                break;
            case 1:
                story.Add((DeliveryState.Returning, attempt));
                story.Add((DeliveryState.Returned, attempt));
                break;
            default:
                story.Add((DeliveryState.Delivered, attempt));
                break;
        }

        return story;
    }

    /// <summary>In time, late, or twice; in whatever order that makes.</summary>
    private void Say(CourierReport report, DateTimeOffset at)
    {
        Faults faults = simulation.Faults;
        TimeSpan delay = faults.Happens(faults.ReportLate)
            ? faults.Between(TimeSpan.Zero, TimeSpan.FromDays(3))
            : TimeSpan.FromSeconds(2);
        simulation.At(at + delay, () => Say(report));
        for (int i = 0; i < 2 && faults.Happens(faults.ReportDoubled); i++)
        {
            simulation.At(at + delay + faults.Between(TimeSpan.Zero, TimeSpan.FromHours(30)), () => Say(report));
        }
    }

    private void Say(CourierReport report)
    {
        ReportBatch batch = new(Next($"{made % 10}{Id[^1]}-"), [new AddressedReport(Id, report)]);
        Disposition? told = null;
        Reported? reported = Reports.GetValueOrDefault(report.EventId);
        ClientCall call = simulation.Calls.Begin($"{Id} {report.EventId} {report.State?.State}", Send, _ =>
        {
            if (Reports.TryGetValue(report.EventId, out Reported? known))
            {
                known.LastAt = simulation.Now;
                known.Disposition ??= told;
            }
        });
        if (reported is null)
        {
            Reports.Add(report.EventId, new Reported { Call = call, Disposition = told, LastAt = simulation.Now });
        }

        async Task<Fault?> Send(SimulatedMachine machine)
        {
            ProducerKey key = ProducerKey.OfBatch(report.Courier, batch.RequestId);
            ICourierProducerGrain producer = machine.Grain<ICourierProducerGrain>(key.ToString());
            if ((await producer.Earlier(batch)).Failed(out Fault? fault, out EarlierBatch? earlier))
            {
                return fault;
            }

            ImmutableArray<ReportAnswer> answers = earlier.Answers
                ?? await machine.Get<CourierIntake>().DecideAll(batch.Reports, CancellationToken.None);
            ImmutableArray<RejectedReport> rejected =
                [.. answers.Where(answer => answer.Fault is not null).Select(answer =>
                    new RejectedReport { Fault = answer.Fault ?? new Fault() })];
            if ((await producer.Keep(new KeepBatch(batch, answers, rejected))).Failed(out fault, out earlier))
            {
                return fault;
            }

            told = earlier.Answers?[0] is { } answer
                ? answer.Disposition == Disposition.Duplicate ? answer.First : answer.Disposition
                : null;
            return null;
        }
    }
}
