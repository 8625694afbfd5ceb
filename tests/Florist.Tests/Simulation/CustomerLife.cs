using System.Collections.Immutable;
using System.Globalization;
using Florist.Customers;
using Florist.Kernel;
using Florist.Occasions;

namespace Florist.Tests.Simulation;

/// <summary>
/// Somebody who becomes a customer, and what they do over the years. Remembers what the shop owes them.
/// </summary>
internal sealed class CustomerLife
{
    private static readonly TimeSpan BetweenActions = TimeSpan.FromDays(24);

    private static readonly (string Country, string Zone, string Language)[] Homes =
    [
        ("GB", "Europe/London", "en-GB"), ("DE", "Europe/Berlin", "de-DE"), ("IE", "Europe/Dublin", "en-IE"),
        ("US", "America/New_York", "en-US"), ("AU", "Australia/Lord_Howe", "en-AU"),
    ];

    private readonly Simulation simulation;
    private readonly (string Country, string Zone, string Language) home;
    private readonly bool texts;
    private int made;

    public CustomerLife(Simulation simulation, int number)
    {
        this.simulation = simulation;
        Id = string.Create(CultureInfo.InvariantCulture, $"c{number}");
        home = simulation.Chance.One(Homes);
        texts = simulation.Chance.Percent(40);
        string box = simulation.Chance.Percent(8) ? SimulatedChannels.Unknown : "someone";
        Email = simulation.Chance.Percent(92) ? $"{box}.{Id}@example.org" : null;
        Mobile = texts || simulation.Chance.Percent(50) ? $"+4477009{number:00000}" : null;
    }

    /// <summary>The customer id.</summary>
    public string Id { get; }

    public string? Email { get; }

    public string? Mobile { get; }

    /// <summary>IANA zone; it never changes.</summary>
    public string Zone => home.Zone;

    /// <summary>The call that created the customer; null before it.</summary>
    public ClientCall? Creation { get; private set; }

    /// <summary>Calls that wrote the family name, with the name.</summary>
    public List<(ClientCall Call, string Name)> Names { get; } = [];

    /// <summary>Recipients by id: the call that added, and the one that removed, each if any.</summary>
    public SortedDictionary<string, Kept> Recipients { get; } = new(StringComparer.Ordinal);

    /// <summary>Occasions by title.</summary>
    public SortedDictionary<string, Kept> Occasions { get; } = new(StringComparer.Ordinal);

    /// <summary>Calls that gave, or took back, the consent to reminders.</summary>
    public List<(ClientCall Call, bool Given)> Consents { get; } = [];

    /// <summary>Deletions and what took them back.</summary>
    public List<(ClientCall Call, bool Deleted)> Deletions { get; } = [];

    /// <summary>True once a deletion may have happened: then everything may be gone one day.</summary>
    public bool MayBeDeleted => Deletions.Exists(entry => entry.Deleted && entry.Call.MayHaveHappened);

    /// <summary>Something the customer keeps with the shop.</summary>
    internal sealed class Kept
    {
        public required ClientCall Added { get; init; }

        public ClientCall? Removed { get; set; }

        /// <summary>Its id, once the shop has said so.</summary>
        public string? Id { get; set; }
    }

    /// <summary>Begins some day within the first tenth of the run.</summary>
    public void Arrange() => simulation.In(
        simulation.Chance.Between(TimeSpan.Zero, TimeSpan.FromDays(simulation.Plan.Days / 10.0)), Create);

    private ICustomerGrain Customer(SimulatedMachine machine) => machine.Grain<ICustomerGrain>(Id);

    private IOccasionsGrain Book(SimulatedMachine machine) => machine.Grain<IOccasionsGrain>(Id);

    private string Next(string what) => string.Create(CultureInfo.InvariantCulture, $"{what}{made++}");

    private void Create()
    {
        CustomerProfile profile = new()
        {
            GivenName = $"Given{Id}",
            FamilyName = "F0",
            Email = Email,
            Mobile = Mobile,
            Country = home.Country,
            TimeZone = home.Zone,
            LanguageCode = home.Language,
            Preferences = new Preferences { OptIns = Agreed(simulation.Chance.Percent(60)), Channels = Preferred },
        };
        string request = Next("create-");
        Creation = simulation.Calls.Begin(
            $"{Id} creates",
            async machine => (await Customer(machine).Create(new CreateCustomer(request, profile))).Fault,
            _ => Later());
        Names.Add((Creation, "F0"));
        Consents.Add((Creation, !profile.Preferences.OptIns.IsEmpty));
    }

    private ImmutableArray<Channel> Preferred => texts ? [Channel.Sms, Channel.Email] : [];

    private static ImmutableArray<OptIn> Agreed(bool agreed) => agreed
        ? [new(Channel.Email, Purpose.OccasionReminders), new(Channel.Sms, Purpose.OccasionReminders)]
        : [];

    private void Later()
    {
        TimeSpan wait = simulation.Chance.Next(BetweenActions / simulation.Plan.Pace);
        simulation.In(wait, () =>
        {
            if (simulation.Now < simulation.End)
            {
                Act();
                Later();
            }
        });
    }

    private void Act()
    {
        switch (simulation.Chance.Below(100))
        {
            case < 28:
                Order();
                break;
            case < 48:
                AddOccasion();
                break;
            case < 58:
                AddRecipient();
                break;
            case < 68:
                Rename();
                Rename();
                break;
            case < 76:
                Consent();
                break;
            case < 84:
                ChangeOccasion();
                break;
            case < 88:
                Remove(Occasions, RemoveOccasion);
                break;
            case < 91:
                Remove(Recipients, RemoveRecipient);
                break;
            case < 97:
                MuteForAWhile();
                break;
            default:
                Delete();
                break;
        }
    }

    private void Order()
    {
        OrderLife order = new(simulation, this, simulation.Orders.Count);
        simulation.Orders.Add(order);
        order.Place();
    }

    private void Rename()
    {
        // Two at a time: whichever comes last wins, and neither may be lost behind an older one.
        string name = Next("F");
        string request = Next("rename-");
        UpdateCustomer command = new(request, null, new CustomerProfile { FamilyName = name }, ["family_name"]);
        ClientCall call = simulation.Calls.Begin(
            $"{Id} renames {name}", async machine => (await Customer(machine).Update(command)).Fault);
        Names.Add((call, name));
    }

    private void Consent()
    {
        if (Consents[^1].Call.State == CallState.Open)
        {
            return;
        }

        bool given = simulation.Chance.Percent(50);
        Preferences preferences = new() { OptIns = Agreed(given) };
        UpdateCustomer command = new(
            Next("consent-"), null, new CustomerProfile { Preferences = preferences }, ["preferences.opt_ins"]);
        Consents.Add((simulation.Calls.Begin(
            $"{Id} {(given ? "consents" : "withdraws")}",
            async machine => (await Customer(machine).Update(command)).Fault), given));
    }

    private void AddRecipient()
    {
        string id = Next("r");
        AddRecipient command = new(Next("add-"), new Recipient
        {
            Id = new(id),
            GivenName = $"Given{id}",
            Address = OrderLife.Home,
            Deceased = simulation.Chance.Percent(3),
        });
        ClientCall call = simulation.Calls.Begin(
            $"{Id} adds {id}", async machine => (await Customer(machine).AddRecipient(command)).Fault);
        Recipients.Add(id, new Kept { Added = call });
    }

    private ClientCall RemoveRecipient(string id, Kept _)
    {
        RemoveRecipient command = new(Next("remove-"), null, new RecipientId(id));
        return simulation.Calls.Begin(
            $"{Id} removes {id}", async machine => (await Customer(machine).RemoveRecipient(command)).Fault);
    }

    private void AddOccasion()
    {
        string title = Next("T");
        OccasionDetails details = new()
        {
            Kind = OccasionKind.Birthday,
            Title = title,
            Day = Day(),
            Recipient = Known(Recipients) is { Key: { } recipient } ? new RecipientId(recipient) : null,
            Category = Florist.Catalogue.OccasionCategory.Birthday,
            LeadDays = simulation.Chance.Percent(30) ? [simulation.Chance.Between(1, 30)] : [],
        };
        AddOccasion command = new(Next("add-"), details);
        string? id = null;
        Kept? kept = null;
        ClientCall call = simulation.Calls.Begin($"{Id} adds {title}", Add, added =>
        {
            if (kept is not null)
            {
                kept.Id = id;
            }

            // An impatient client asks again although it has its answer.
            if (added.IsDone && simulation.Chance.Percent(20))
            {
                simulation.In(simulation.Chance.Between(TimeSpan.FromSeconds(1), TimeSpan.FromHours(12)), () =>
                    simulation.Calls.Begin($"{Id} adds {title} again", Add));
            }
        });
        kept = new Kept { Added = call, Id = id };
        Occasions.Add(title, kept);

        async Task<Fault?> Add(SimulatedMachine machine)
        {
            Outcome<CustomerView> customer = await Customer(machine).Get();
            if (customer.Failed(out Fault? nobody, out CustomerView? view)
                || CustomerFacts.Of(view).Undeleted(view.Id).Failed(out nobody, out _))
            {
                return nobody;
            }

            Outcome<OccasionView> answer = await Book(machine).Add(command, CustomerFacts.Of(view));
            if (answer.Failed(out Fault? fault, out OccasionView? added))
            {
                return fault;
            }

            string given = added.Occasion.Id.Value;
            if (id is not null && id != given)
            {
                simulation.Broken("I1", $"{Id} was answered {id} and then {given} for the same request {title}");
            }

            id = given;
            return null;
        }
    }

    private YearlyDay Day() => simulation.Chance.Below(10) switch
    {
        0 => new FixedDay { Month = 2, Day = 29, LeapPolicy = (LeapPolicy)simulation.Chance.Below(3) },
        1 => new EasterDay { OffsetDays = simulation.Chance.Between(-40, 40) },
        2 => new HolidayDay { Holiday = Holiday.MothersDay, Country = "GB" },
        3 => new WeekdayOfMonth { Month = simulation.Chance.Between(1, 12), Weekday = DayOfWeek.Sunday, Ordinal = -1 },
        _ => new FixedDay { Month = simulation.Chance.Between(1, 12), Day = simulation.Chance.Between(1, 28) },
    };

    private ClientCall RemoveOccasion(string title, Kept kept)
    {
        RemoveOccasion command = new(Next("remove-"), new OccasionId(kept.Id ?? ""), null);
        return simulation.Calls.Begin(
            $"{Id} removes {title}", async machine => (await Book(machine).Remove(command)).Fault);
    }

    private void ChangeOccasion()
    {
        if (Known(Occasions) is not { Value: { } kept, Key: { } title })
        {
            return;
        }

        ChangeOccasion command = new(
            Next("change-"), new OccasionId(kept.Id ?? ""), null, new OccasionDetails { Day = Day() }, ["date"]);
        simulation.Calls.Begin($"{Id} moves {title}", async machine =>
        {
            if ((await Customer(machine).Get()).Failed(out Fault? fault, out CustomerView? view))
            {
                return fault;
            }

            return (await Book(machine).Change(command, CustomerFacts.Of(view))).Fault;
        });
    }

    private void MuteForAWhile()
    {
        if (Known(Occasions) is not { Value: { } kept, Key: { } title })
        {
            return;
        }

        OccasionId id = new(kept.Id ?? "");
        MuteOccasion mute = new(Next("mute-"), id, null);
        UnmuteOccasion unmute = new(Next("unmute-"), id, null);
        simulation.Calls.Begin($"{Id} mutes {title}", async machine => (await Book(machine).Mute(mute)).Fault, _ =>
            simulation.In(simulation.Chance.Next(TimeSpan.FromDays(60)), () => simulation.Calls.Begin(
                $"{Id} unmutes {title}", async machine => (await Book(machine).Unmute(unmute)).Fault)));
    }

    private void Delete()
    {
        DeleteCustomer command = new(Next("delete-"), null);
        ClientCall call = simulation.Calls.Begin(
            $"{Id} deletes", async machine => (await Customer(machine).Delete(command)).Fault);
        Deletions.Add((call, true));
        if (simulation.Chance.Percent(60))
        {
            simulation.In(simulation.Chance.Between(TimeSpan.FromHours(1), TimeSpan.FromDays(29)), () =>
            {
                UndeleteCustomer back = new(Next("undelete-"), null);
                ClientCall again = simulation.Calls.Begin(
                    $"{Id} undeletes", async machine => (await Customer(machine).Undelete(back)).Fault);
                Deletions.Add((again, false));
            });
        }
    }

    private void Remove(SortedDictionary<string, Kept> things, Func<string, Kept, ClientCall> remove)
    {
        if (Known(things) is { Key: { } name, Value: { } kept })
        {
            kept.Removed = remove(name, kept);
        }
    }

    /// <summary>One of those that are there for certain and not about to go.</summary>
    private KeyValuePair<string, Kept> Known(SortedDictionary<string, Kept> things)
    {
        KeyValuePair<string, Kept>[] known =
        [
            .. things.Where(thing => thing.Value.Added.IsDone && thing.Value.Removed is null
                && (thing.Value.Id is not null || ReferenceEquals(things, Recipients))),
        ];
        return known.Length == 0 ? default : simulation.Chance.One(known);
    }
}
