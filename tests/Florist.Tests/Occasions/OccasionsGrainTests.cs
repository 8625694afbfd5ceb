using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;
using Florist.Occasions;
using Florist.Orders;
using Florist.Tests.Testing;
using Orleans;
using Orleans.Runtime;

namespace Florist.Tests.Occasions;

public sealed class OccasionsGrainTests
{
    private readonly ReminderLedger ledger = new();

    [Fact]
    public async Task Reminders_arrive_once_each_at_their_lead_times_year_after_year()
    {
        await using TestShop shop = await OccasionShop.Start(ledger);
        string id = (await shop.Add(Books.MumsBirthday)).Occasion.Id.Value;

        await shop.RunUntil(Books.At("2027-02-24T08:59:59Z"));
        Assert.Empty(ledger.Keys);
        await shop.RunUntil(Books.At("2027-02-24T09:00:00Z"));
        Assert.Equal([$"anna:{id}:2027:14"], ledger.Keys);
        await shop.RunUntil(Books.At("2029-01-01T00:00:00Z"));

        Assert.Equal(
            [$"anna:{id}:2027:14", $"anna:{id}:2027:3", $"anna:{id}:2028:14", $"anna:{id}:2028:3"], ledger.Keys);
        Assert.Equal(
            [$"{id}:2027:03", $"{id}:2027:14", $"{id}:2028:03", $"{id}:2028:14"],
            await shop.Rows(OccasionBook.RemindedRow));
    }

    [Fact]
    public async Task Occasions_settings_and_what_was_reminded_of_survive_a_crash()
    {
        await using TestShop shop = await OccasionShop.Start(ledger);
        await shop.Add(Books.MumsBirthday);
        OccasionView mothering = await shop.Add(Books.MumsBirthday with
        {
            Kind = OccasionKind.Holiday,
            Title = "Mothering Sunday",
            Day = new HolidayDay { Holiday = Holiday.MothersDay, Country = "GB" },
            FirstYear = null,
        });
        await shop.Annas().ChangeSettings(new(null, null, [30, 2]));
        await shop.RunUntil(Books.At("2027-03-01T00:00:00Z"));
        ImmutableArray<OccasionView> before = await shop.Annas().List();
        ImmutableArray<string> reminded = ledger.Keys;

        await shop.Restart(crash: true);
        await shop.RunDue();

        Assert.Equal(FloristJson.Write(before), FloristJson.Write(await shop.Annas().List()));
        Assert.Equal([30, 2], (await shop.Annas().Settings()).LeadDays);
        Assert.Equal(reminded, ledger.Keys);
        await shop.RunUntil(Books.At("2027-03-05T09:00:00Z"));
        Assert.Equal($"anna:{mothering.Occasion.Id}:2027:2", ledger.Keys[^1]);
    }

    [Fact]
    public async Task A_wake_up_that_comes_twice_sends_one_reminder()
    {
        await using TestShop shop = await OccasionShop.Start(ledger);
        await shop.Add(Books.MumsBirthday);
        shop.Time.Set(Books.At("2027-02-24T09:00:00Z"));
        IWakeable grain = shop.Get<IGrainFactory>().GetGrain<IWakeable>(shop.Annas().GetGrainId());

        await grain.OnWake(shop.Time.GetUtcNow());
        await grain.OnWake(shop.Time.GetUtcNow());
        await shop.RunDue();

        Assert.Single(ledger.Keys);
    }

    [Fact]
    public async Task After_a_long_downtime_the_present_is_reminded_of_and_the_past_recorded()
    {
        await using TestShop shop = await OccasionShop.Start(ledger);
        string id = (await shop.Add(Books.MumsBirthday)).Occasion.Id.Value;

        shop.Time.Set(Books.At("2028-03-08T00:00:00Z"));
        await shop.RunDue();

        Assert.Equal([$"anna:{id}:2028:3"], ledger.Keys);
        Assert.Equal(
            [$"{id}:2027:03", $"{id}:2027:14", $"{id}:2028:14"], await shop.Rows(OccasionBook.SkipRow));
    }

    [Fact]
    public async Task A_request_id_has_one_effect_also_after_a_restart_and_stands_for_one_request()
    {
        await using TestShop shop = await OccasionShop.Start(ledger);
        OccasionView first = await shop.Add(Books.MumsBirthday, "request-1");
        await shop.Restart();

        OccasionView second = await shop.Add(Books.MumsBirthday, "request-1");
        Outcome<OccasionView> other = await shop.Annas()
            .Add(new AddOccasion("request-1", Books.MumsBirthday with { Title = "Other" }), await shop.Facts());

        Assert.Equal(FloristJson.Write(first), FloristJson.Write(second));
        Assert.Equal("REQUEST_ID_REUSED", other.Fault?.Reason);
        Assert.Single(await shop.Annas().List());
    }

    [Fact]
    public async Task A_confirmed_order_silences_the_reminder_and_its_cancellation_brings_it_back()
    {
        await using TestShop shop = await OccasionShop.Start(ledger);
        string id = (await shop.Add(Books.MumsBirthday)).Occasion.Id.Value;
        OrderFacts order = new()
        {
            OrderId = new OrderId("o1"),
            CustomerId = new CustomerId("anna"),
            RecipientId = Books.Mum.Id,
            DeliveryOn = Books.Day("2027-03-10"),
            OccasionCategory = "birthday",
        };

        await Hear(shop, OrdersTopics.Confirmed, new OrderConfirmed(order, OccasionShop.NewYear));
        await shop.RunUntil(Books.At("2027-03-01T00:00:00Z"));
        Assert.Empty(ledger.Keys);
        Page<UpcomingReminder> upcoming = await shop.Annas().Upcoming(Books.At("2027-04-01T00:00:00Z"), new(10, null));
        Assert.True(Assert.Single(upcoming.Items).Ordered);

        await Hear(shop, OrdersTopics.Cancelled, new OrderCancelled(order, OccasionShop.NewYear, WasConfirmed: true));
        await shop.RunUntil(Books.At("2027-04-01T00:00:00Z"));

        Assert.Equal([$"anna:{id}:2027:3"], ledger.Keys);
        Assert.Equal([$"{id}:2027:14"], await shop.Rows(OccasionBook.SkipRow));
    }

    [Fact]
    public async Task The_customers_move_is_followed()
    {
        await using TestShop shop = await OccasionShop.Start(ledger);
        await shop.Add(Books.MumsBirthday);
        await shop.Grain<ICustomerGrain>("anna")
            .Update(new(null, null, new() { TimeZone = "America/New_York" }, ["time_zone"]));
        await shop.RunDue();

        await shop.RunUntil(Books.At("2027-02-24T13:59:59Z"));
        Assert.Empty(ledger.Keys);
        await shop.RunUntil(Books.At("2027-02-24T14:00:00Z"));
        Assert.Single(ledger.Keys);
    }

    [Fact]
    public async Task Nothing_is_said_once_the_recipient_has_died()
    {
        await using TestShop shop = await OccasionShop.Start(ledger);
        OccasionId id = (await shop.Add(Books.MumsBirthday)).Occasion.Id;
        await shop.Grain<ICustomerGrain>("anna").ChangeRecipient(
            new(null, null, new() { Id = Books.Mum.Id, Deceased = true }, ["deceased"]));

        await shop.RunUntil(Books.At("2030-01-01T00:00:00Z"));

        Assert.Empty(ledger.Keys);
        Assert.Empty(await shop.Rows(OccasionBook.SkipRow));
        Assert.Equal(MuteReason.Deceased, (await shop.Annas().Get(id)).Value?.Occasion.Muted);
        Assert.Equal("MUTED_FOR_GOOD", (await shop.Annas().Unmute(new(null, id, null))).Fault?.Reason);
    }

    [Fact]
    public async Task Nothing_is_kept_of_a_customer_whose_data_are_gone()
    {
        await using TestShop shop = await OccasionShop.Start(ledger);
        await shop.Add(Books.MumsBirthday);
        await shop.RunUntil(Books.At("2027-02-25T00:00:00Z"));
        Assert.Single(await shop.Rows(OccasionBook.RemindedRow));
        await shop.Grain<ICustomerGrain>("anna").Delete(new(null, null));

        await shop.RunUntil(Books.At("2028-06-01T00:00:00Z"));

        Assert.Single(ledger.Keys);
        Assert.Empty(await shop.Annas().List());
        Assert.Empty(await shop.Rows(OccasionBook.OccasionRow));
        Assert.Empty(await shop.Rows(OccasionBook.RemindedRow));
        Assert.Equal(FaultKind.NotFound, (await shop.Grain<ICustomerGrain>("anna").Get()).Fault?.Kind);
    }

    [Fact]
    public async Task Removing_the_last_occasion_leaves_nothing_due()
    {
        await using TestShop shop = await OccasionShop.Start(ledger);
        await shop.RunDue();
        OccasionId id = (await shop.Add(Books.MumsBirthday)).Occasion.Id;
        Assert.NotNull(await shop.Get<IEngineDriver>().NextDue(TestContext.Current.CancellationToken));

        Assert.Null((await shop.Annas().Remove(new(null, id, "\"1\""))).Fault);

        Assert.Null(await shop.Get<IEngineDriver>().NextDue(TestContext.Current.CancellationToken));
        Assert.Equal(FaultKind.NotFound, (await shop.Annas().Get(id)).Fault?.Kind);
        Assert.Equal(FaultKind.NotFound, (await shop.Annas().Remove(new(null, id, null))).Fault?.Kind);
    }

    [Fact]
    public async Task A_change_sends_what_was_due_before_it_looks_forward()
    {
        await using TestShop shop = await OccasionShop.Start(ledger);
        OccasionId id = (await shop.Add(Books.MumsBirthday)).Occasion.Id;

        // The wake-up is late: the change comes first.
        shop.Time.Set(Books.At("2027-02-24T09:00:05Z"));
        await shop.Annas().Change(
            new(null, id, null, Books.MumsBirthday with { Title = "Mother" }, ["title"]), await shop.Facts());
        await shop.RunDue();

        Assert.Equal([$"anna:{id}:2027:14"], ledger.Keys);
    }

    // What other features publish, as the pump would hand it over.
    private static async Task Hear<T>(TestShop shop, string topic, T body)
    {
        OutboxMessage message = OutboxMessage.Of(topic, $"{topic}:{body}", body);
        foreach (IOutboxHandler handler in shop.Get<IEnumerable<IOutboxHandler>>().Where(one => one.Topic == topic))
        {
            Assert.True((await handler.Handle(message, CancellationToken.None)).IsDone);
        }
    }
}
