using Florist.Catalogue;
using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Occasions;
using Florist.Orders;
using Florist.Protos.ShopFloor.V1;
using Florist.ShopFloor;
using Florist.Stock;
using Florist.Tests.Catalogue;
using Florist.Tests.Testing;
using Google.Protobuf.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Proto = Florist.Protos.Orders.V1;

namespace Florist.Tests.Orders;

/// <summary>
/// What every florist insists on, rule by rule, by its number. Each test shows the rule at the place where the product
/// keeps it; the details are tested beside their code.
/// </summary>
public sealed class FloristRulesTests
{
    private static readonly CustomerId Anna = new("anna");

    [Fact]
    public async Task Rule_01_a_delivery_date_is_a_civil_day_with_a_window_and_never_an_exact_minute()
    {
        await using TestShop shop = await OrderShop.Start();

        OrderRecord order = (await Place(shop, "o1", OrderSamples.Draft)).OrThrow();
        Outcome<OrderRecord> minute = await Place(
            shop, "o2", OrderSamples.Draft with { Window = new DayWindow(new(12, 0), new(12, 1)) });

        Assert.Equal(new DateOnly(2026, 6, 12), order.Draft.DeliveryOn);
        Assert.Equal(Zones.Day(order.Terms.WindowStartsAt, order.Terms.TimeZone), order.Draft.DeliveryOn);
        Assert.Equal("WINDOW_TOO_SHORT", Reason(minute));
    }

    [Theory]
    [InlineData("2026-06-12", "2026-06-12T12:59:59Z", null)]
    [InlineData("2026-06-12", "2026-06-12T13:00:00Z", "PAST_CUT_OFF")]
    [InlineData("2026-06-13", "2026-06-13T08:59:59Z", null)]
    [InlineData("2026-06-13", "2026-06-13T09:00:00Z", "PAST_CUT_OFF")]
    [InlineData("2026-06-14", "2026-06-12T08:00:00Z", "NO_DELIVERY_DAY")]
    public async Task Rule_02_each_weekday_has_its_cut_off_in_the_place_of_delivery(
        string day, string now, string? reason)
    {
        await using TestShop shop = await OrderShop.Start();
        shop.Time.Set(DateTimeOffset.Parse(now, null));

        Outcome<OrderRecord> outcome = await Place(
            shop, "o1", OrderSamples.Draft with { DeliveryOn = DateOnly.Parse(day, null) });

        Assert.Equal(reason, Reason(outcome));
    }

    [Theory]
    [InlineData(240, 1, "", "")]
    [InlineData(241, 1, "", "TOO_LONG")]
    [InlineData(8, 8, "", "")]
    [InlineData(9, 9, "", "TOO_LONG")]
    [InlineData(10, 1, "💐", "NOT_PRINTABLE")]
    public void Rule_03_a_card_is_small_unsigned_if_wanted_and_refuses_what_the_printer_cannot_print(
        int letters, int lines, string more, string reason)
    {
        string text = lines == 1 ? new string('ß', letters) : string.Join('\n', Enumerable.Repeat("x", lines));

        Assert.Equal(reason, CardFault(text + more));
    }

    [Fact]
    public void Rule_04_whoever_receives_or_binds_learns_of_no_price_and_no_sender()
    {
        string[] secrets = ["google.type.Money", "florist.orders.v1.Order", "florist.customers.v1.Customer"];

        foreach (MessageDescriptor view in (MessageDescriptor[])[
            Proto.TrackedDelivery.Descriptor, BenchItem.Descriptor])
        {
            Assert.DoesNotContain(Reached(view, []), name => secrets.Contains(name));
        }

        Assert.DoesNotContain(
            "florist.orders.v1.CardMessage", Reached(Proto.TrackedDelivery.Descriptor, []));
    }

    [Fact]
    public async Task Rule_05_each_order_says_what_may_replace_a_missing_stem_and_value_goes_before_asking()
    {
        await using TestShop shop = await OrderShop.Start();

        OrderRecord usual = (await Place(shop, "o1", OrderSamples.Draft)).OrThrow();
        OrderRecord strict = (await Place(
            shop, "o2", OrderSamples.Draft with { Substitution = SubstitutionPolicy.NoSubstitution })).OrThrow();

        Assert.Equal(SubstitutionPolicy.AllowEqualOrGreaterValue, usual.Draft.Substitution);
        Assert.Equal(SubstitutionPolicy.NoSubstitution, strict.Draft.Substitution);
        Assert.Equal(3, Enum.GetValues<SubstitutionPolicy>().Length);
    }

    [Fact]
    public async Task Rule_06_true_lilies_go_to_cats_only_if_that_is_acknowledged_and_always_with_a_warning()
    {
        await using TestShop shop = await OrderShop.Start();
        OrderDraft lilies = OrderSamples.Draft with { Lines = [new(new("pink-orientals"), 1)] };
        OrderContext cats = OrderSamples.Parties with { HasCats = true };

        Outcome<OrderRecord> refused = await Place(shop, "o1", lilies, cats);
        OrderRecord taken = (await Place(shop, "o2", lilies with { HazardsAcknowledged = true }, cats)).OrThrow();

        Assert.Equal("HAZARD_FOR_PET", Reason(refused));
        IEnumerable<Bouquet> bound = taken.Draft.Lines
            .Select(line => DemoCatalogue.Value.Find(line.Bouquet)).OfType<Bouquet>();
        Assert.Contains("cats", CareLines.Of(bound, "en")[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Rule_07_what_to_do_when_nobody_is_home_is_chosen_with_the_order_and_binds_the_courier(
        bool safePlace, bool neighbour)
    {
        await using TestShop shop = await OrderShop.Start();

        DeliveryPolicy policy = (await Paid(shop, OrderSamples.Draft with
        {
            Absence = new AbsencePolicy { SafePlaceAllowed = safePlace, NeighbourAllowed = neighbour },
        })).Policy;

        Assert.Equal((safePlace, neighbour), (policy.UnattendedAllowed, policy.NeighborAllowed));
        Assert.InRange(policy.AttemptsMax, 1, 3);
    }

    [Theory]
    [InlineData(PlaceType.Residence, false)]
    [InlineData(PlaceType.Business, false)]
    [InlineData(PlaceType.Hospital, false)]
    [InlineData(PlaceType.School, false)]
    [InlineData(PlaceType.FuneralHome, true)]
    [InlineData(PlaceType.Hotel, false)]
    public async Task Rule_08_a_place_has_its_kind_and_before_a_ceremony_the_window_is_hard(PlaceType place, bool hard)
    {
        await using TestShop shop = await OrderShop.Start();

        DeliveryPolicy policy = (await Paid(shop, OrderSamples.Draft, OrderSamples.Parties with
        {
            Contact = OrderSamples.Parties.Contact with { Place = place },
        })).Policy;

        Assert.Equal(hard, policy.WindowIsHard);
        Assert.Equal(hard ? "WINDOW_PASSED" : null, AttemptRules.NotWorthIt(policy, policy.Window.Until));
    }

    [Fact]
    public void Rule_08_a_courier_is_sent_to_no_post_office_box()
    {
        FieldChecks checks = new();
        Proto.Order order = Asked("");
        order.DeliveryContact.Address.AddressLines[0] = "P.O. Box 7";

        DraftMessages.Read(order, Anna, checks);

        Assert.Contains("POST_OFFICE_BOX", checks.Fault?.Fields.Select(field => field.Reason) ?? []);
    }

    [Fact]
    public async Task Rule_09_flowers_that_are_not_fresh_any_more_are_not_tried_again()
    {
        await using TestShop shop = await OrderShop.Start();

        DeliveryPolicy policy = (await Paid(shop, OrderSamples.Draft)).Policy;

        DateTimeOffset freshUntil = policy.FreshUntil ?? throw new InvalidOperationException("fresh for ever");
        Assert.True(freshUntil > policy.Window.Until);
        Assert.Null(AttemptRules.NotWorthIt(policy, freshUntil.AddTicks(-1)));
        Assert.Equal("NOT_FRESH", AttemptRules.NotWorthIt(policy, freshUntil));
        Assert.All(DemoCatalogue.Value.Bouquets, bouquet => Assert.InRange(bouquet.VaseLifeDays, 1, 60));
    }

    [Fact]
    public async Task Rule_10_a_day_takes_as_many_orders_as_it_has_places_and_not_one_more()
    {
        await using TestShop shop = await OrderShop.Start(
            services => services.Configure<StockOptions>(stock => stock.SlotCapacity = 1));
        OrderDraft early = OrderSamples.Draft with { Window = new DayWindow(new(9, 0), new(12, 0)) };

        Outcome<OrderRecord> first = await Place(shop, "o1", early);
        Outcome<OrderRecord> second = await Place(shop, "o2", early);
        Outcome<OrderRecord> later = await Place(
            shop, "o3", OrderSamples.Draft with { Window = new DayWindow(new(15, 0), new(18, 0)) });

        Assert.Equal([null, "SLOT_FULL", null], new[] { first, second, later }.Select(Reason));
    }

    [Theory]
    [InlineData(OccasionCategory.Sympathy, PlaceType.Residence, true)]
    [InlineData(OccasionCategory.JustBecause, PlaceType.FuneralHome, true)]
    [InlineData(OccasionCategory.Birthday, PlaceType.Residence, false)]
    public async Task Rule_11_an_order_of_sympathy_is_marked_for_all_who_would_mention_it_again(
        OccasionCategory category, PlaceType place, bool sympathy)
    {
        await using TestShop shop = await OrderShop.Start();

        OrderRecord order = (await Place(
            shop,
            "o1",
            OrderSamples.Draft with { Category = category },
            OrderSamples.Parties with { Contact = OrderSamples.Parties.Contact with { Place = place } })).OrThrow();

        Assert.Equal(sympathy, order.Facts().Sympathy);
    }

    [Theory]
    [InlineData(2027, "2027-02-28", "2027-03-28")]
    [InlineData(2028, "2028-02-29", "2028-04-16")]
    public void Rule_12_a_leap_day_and_a_feast_that_moves_come_back_every_year(int year, string leap, string easter)
    {
        Assert.Equal(
            DateOnly.Parse(leap, null), Occurrences.InYear(new FixedDay { Month = 2, Day = 29 }, year));
        Assert.Equal(DateOnly.Parse(easter, null), Occurrences.InYear(new EasterDay(), year));
    }

    [Theory]
    [InlineData(DeliveryOutcome.LeftInSafePlace, true)]
    [InlineData(DeliveryOutcome.HandedToRecipient, false)]
    public async Task Rule_13_what_was_left_unattended_needs_a_photo_and_a_missing_one_is_chased_not_refused(
        DeliveryOutcome outcome, bool pending)
    {
        await using TestShop shop = await OrderShop.Start();
        DeliveryRecord delivery = await Paid(
            shop, OrderSamples.Draft with { Absence = new AbsencePolicy { SafePlaceAllowed = true } });
        IDeliveryGrain grain = shop.Grain<IDeliveryGrain>("o1");
        CourierId courier = new("velo");
        DeliveryActor staff = new(DeliveryRole.Dispatcher, "staff:sam");
        (await grain.Assign(new(null, delivery.Id, staff, courier, null))).OrThrow();

        await grain.Report(Report(courier, delivery.Id, DeliveryState.OutForDelivery, null));
        await grain.Report(Report(courier, delivery.Id, DeliveryState.Delivered, outcome));

        OrderRecord order = await shop.Order("o1");
        Assert.Equal(OrderState.Completed, order.State);
        Assert.Equal(pending, order.CurrentDelivery?.ProofPending);
    }

    [Theory]
    [InlineData(true, "OUT_OF_STOCK")]
    [InlineData(false, null)]
    public async Task Rule_14_a_bouquet_takes_its_stems_from_those_of_its_day(bool counted, string? reason)
    {
        await using TestShop shop = await OrderShop.Start(
            services => services.Configure<StockOptions>(stock => stock.StemsCounted = counted));

        Assert.Equal(reason, Reason(await Place(shop, "o1", OrderSamples.Draft)));
    }

    private static CourierReport Report(
        CourierId courier, DeliveryId delivery, DeliveryState state, DeliveryOutcome? outcome) => new()
        {
            Courier = courier,
            EventId = state.ToString(),
            Delivery = delivery,
            Leg = 1,
            Attempt = 1,
            OccurTime = OrderSamples.Morning,
            State = new StateReport { State = state, Outcome = outcome },
        };

    private static Task<Outcome<OrderRecord>> Place(
        TestShop shop, string id, OrderDraft draft, OrderContext? parties = null) =>
        shop.Grain<IOrderGrain>(id).Place(
            OrderSamples.Place(id) with { Draft = draft, Context = parties ?? OrderSamples.Parties });

    // The delivery that a paid order has.
    private static async Task<DeliveryRecord> Paid(TestShop shop, OrderDraft draft, OrderContext? parties = null)
    {
        (await Place(shop, "o1", draft, parties)).OrThrow();
        await shop.RunDue();
        return (await shop.Order("o1")).CurrentDelivery ?? throw new InvalidOperationException("it was not paid for");
    }

    private static string? Reason<T>(Outcome<T> outcome) => outcome.Failed(out Fault? fault, out _) ? fault.Reason : null;

    private static string CardFault(string text)
    {
        FieldChecks checks = new();
        DraftMessages.Read(Asked(text), Anna, checks);
        return checks.Fault?.Fields.SingleOrDefault(field => field.Field == "order.card_message.text")?.Reason ?? "";
    }

    private static Proto.Order Asked(string card) => new()
    {
        Lines = { new Proto.OrderLine { Bouquet = "bouquets/dozen-red-roses", Quantity = 1 } },
        DeliveryDate = new() { Year = 2026, Month = 6, Day = 12 },
        CurrencyCode = "GBP",
        CardMessage = new() { Text = card },
        DeliveryContact = new()
        {
            GivenName = "Mary",
            Address = new()
            {
                RegionCode = "GB",
                PostalCode = "BS1 4DJ",
                Locality = "Bristol",
                AddressLines = { "1 Quay Street" },
            },
        },
    };

    private static HashSet<string> Reached(MessageDescriptor from, HashSet<string> seen)
    {
        if (seen.Add(from.FullName))
        {
            foreach (FieldDescriptor field in from.Fields.InFieldNumberOrder()
                .Where(field => field.FieldType == FieldType.Message))
            {
                Reached(field.MessageType, seen);
            }
        }

        return seen;
    }
}
