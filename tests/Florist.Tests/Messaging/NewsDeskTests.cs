using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Occasions;
using Florist.Orders;
using Florist.Tests.Orders;

namespace Florist.Tests.Messaging;

/// <summary>From what happens to orders, deliveries and occasions to what leaves the shop.</summary>
public sealed class NewsDeskTests
{
    private static readonly DeliveryId First = new("d1");

    [Fact]
    public async Task A_delivery_day_is_told_step_by_step_and_each_step_once()
    {
        await using LetterShop shop = await Ordered();
        IDeliveryGrain deliveries = shop.Shop.Grain<IDeliveryGrain>("o1");
        (await deliveries.Assign(new AssignDelivery(
            null, First, new DeliveryActor(DeliveryRole.Dispatcher, "staff:sam"), new CourierId("velo"), null))).Value();
        await shop.Shop.RunDue();
        await Report(shop, "e1", DeliveryState.OutForDelivery);
        await Report(shop, "e1", DeliveryState.OutForDelivery);
        await Report(shop, "e2", DeliveryState.Delivered);
        await Report(shop, "e3", DeliveryState.OutForDelivery);

        Dictionary<string, MessageKind> kinds =
            (await shop.Messages()).ToDictionary(message => $"anna.{message.Id}", message => message.Kind);
        Assert.Equal(
            [MessageKind.OrderConfirmed, MessageKind.Dispatched, MessageKind.OutForDelivery, MessageKind.Delivered],
            shop.Email.Emails.Select(email => kinds[email.MessageKey]));
        Assert.All(await shop.Messages(), message => Assert.Equal(new OrderId("o1"), message.About.OrderId));
        Assert.Contains(
            "The flowers for Mary were handed over in person on Wednesday 10 June 2026 at 9:00",
            shop.Email.Emails[^1].Text,
            StringComparison.Ordinal);
        Assert.Contains("A Dozen Red Roses", shop.Email.Emails[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_attempt_is_told_with_its_reason()
    {
        await using LetterShop shop = await Ordered();
        IDeliveryGrain deliveries = shop.Shop.Grain<IDeliveryGrain>("o1");
        (await deliveries.Assign(new AssignDelivery(
            null, First, new DeliveryActor(DeliveryRole.Dispatcher, "staff:sam"), new CourierId("velo"), null))).Value();
        await Report(shop, "e1", DeliveryState.OutForDelivery);
        await Report(shop, "e2", DeliveryState.AttemptFailed);

        OutgoingEmail email = shop.Email.Emails[^1];
        Assert.Equal("The flowers for Mary could not be handed over yet", email.Subject);
        Assert.Contains("nobody was at home", email.Text, StringComparison.Ordinal);
        Assert.Contains("The courier will try again.", email.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_declined_payment_is_told_and_nothing_is_confirmed()
    {
        await using LetterShop shop = await Open();
        (await shop.Shop.Grain<IOrderGrain>("o1").Place(
            OrderSamples.Place("o1") with { PaymentToken = "tok_declined" })).Value();
        await shop.Shop.RunDue();

        OutgoingEmail email = Assert.Single(shop.Email.Emails);
        Assert.StartsWith("Your payment did not go through", email.Subject, StringComparison.Ordinal);
        Assert.Contains("Your bank declined", email.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_order_is_told_with_what_becomes_of_the_money()
    {
        await using LetterShop shop = await Ordered();
        (await shop.Shop.Grain<IOrderGrain>("o1").Cancel(new CancelOrder(null, null, "staff:sam", true, null))).Value();
        await shop.Shop.RunDue();

        Assert.Equal("Your order for Mary is cancelled", shop.Email.Emails[^1].Subject);
        Assert.Contains("goes back the way it was paid", shop.Email.Emails[^1].Text, StringComparison.Ordinal);
        Assert.Equal(2, shop.Email.Taken.Count);
    }

    [Fact]
    public async Task A_reminder_does_not_suggest_what_was_given_before_nor_what_hurts()
    {
        await using LetterShop shop = await Ordered(customer => customer with
        {
            Preferences = customer.Preferences with { PriceRange = null },
        });
        ReminderDue due = Due(shop) with { Category = OccasionCategory.Anniversary };

        await Handle(shop, OccasionsTopics.ReminderDue, due);
        await Handle(shop, OccasionsTopics.ReminderDue, due);
        await shop.Shop.RunDue();

        MessageRecord reminder = Assert.Single(
            await shop.Messages(), message => message.Kind == MessageKind.OccasionReminder);
        ImmutableArray<Suggestion> suggestions = reminder.Model?.Reminder?.Suggestions ?? [];
        Assert.Equal(MessageState.Sent, reminder.State);
        Assert.Equal(3, suggestions.Length);
        Assert.DoesNotContain(suggestions, each => each.BouquetId == new BouquetId("dozen-red-roses"));
        Assert.All(suggestions, each => Assert.Contains($"bouquet={each.BouquetId}", shop.Email.Emails[^1].Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reminder_that_nobody_handled_before_it_was_useless_is_kept_on_record_as_too_late()
    {
        await using LetterShop shop = await Open();
        ReminderDue due = Due(shop);
        shop.Shop.Time.Set(due.ExpiresAt);
        IOutboxHandler handler = shop.Shop.Get<IEnumerable<IOutboxHandler>>()
            .Single(handler => handler.Topic == OccasionsTopics.ReminderDue);

        await handler.Expired(
            OutboxMessage.Of(OccasionsTopics.ReminderDue, due.OccurrenceKey, due), CancellationToken.None);
        await shop.Shop.RunDue();

        MessageRecord message = await shop.Message();
        Assert.Equal((MessageState.Expired, MessageReasons.TooLate), (message.State, message.Reason));
        Assert.Equal(0, shop.Email.Attempts);
    }

    [Fact]
    public async Task Nobody_is_written_to_about_a_customer_who_is_not_there()
    {
        await using LetterShop shop = await Open();

        OutboxResult result = await Handle(
            shop, OccasionsTopics.ReminderDue, Due(shop) with { CustomerId = new CustomerId("nobody") });

        Assert.True(result.IsDone);
        Assert.Equal(0, await shop.Shop.RunDue());
        Assert.Contains(shop.Shop.Log.Entries, entry => entry.Id == 1406);
    }

    [Fact]
    public async Task News_of_an_order_that_is_not_there_is_put_on_record_and_left()
    {
        await using LetterShop shop = await Open();
        DeliveryChanged change = new() { OrderId = "nothing", Notice = Notices.Delivered };

        Assert.True((await Handle(shop, DeliveryEvents.Changed, change)).IsDone);
        Assert.Contains(shop.Shop.Log.Entries, entry => entry.Id == 1407);
    }

    private static async Task<LetterShop> Open(Func<CustomerProfile, CustomerProfile>? change = null)
    {
        LetterShop shop = await LetterShop.Open(change);
        shop.Shop.Time.Set(OrderSamples.Morning);
        return shop;
    }

    private static async Task<LetterShop> Ordered(Func<CustomerProfile, CustomerProfile>? change = null)
    {
        LetterShop shop = await Open(change);
        (await shop.Shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"))).Value();
        await shop.Shop.RunDue();
        return shop;
    }

    private static ReminderDue Due(LetterShop shop) => new()
    {
        CustomerId = new CustomerId(LetterShop.Anna),
        OccasionId = new OccasionId("occ"),
        RecipientId = new RecipientId("mum"),
        RecipientGivenName = "Mary",
        Kind = OccasionKind.Birthday,
        Category = OccasionCategory.Birthday,
        Title = "Mum",
        Date = new DateOnly(2026, 6, 20),
        LeadDays = 7,
        OccurrenceKey = "anna:occ:2026:7",
        TimeZone = "Europe/London",
        ExpiresAt = shop.Shop.Time.GetUtcNow().AddDays(9),
    };

    private static async Task Report(LetterShop shop, string eventId, DeliveryState state)
    {
        (await shop.Shop.Grain<IDeliveryGrain>("o1").Report(new CourierReport
        {
            Courier = new CourierId("velo"),
            EventId = eventId,
            Delivery = First,
            Leg = 1,
            Attempt = 1,
            OccurTime = OrderSamples.Morning,
            State = new StateReport
            {
                State = state,
                Outcome = state == DeliveryState.Delivered ? DeliveryOutcome.HandedToRecipient : null,
                FailureReason = state == DeliveryState.AttemptFailed ? FailureReason.RecipientNotHome : null,
            },
        })).Value();
        await shop.Shop.RunDue();
    }

    private static async Task<OutboxResult> Handle<T>(LetterShop shop, string topic, T news) =>
        await shop.Shop.Get<IEnumerable<IOutboxHandler>>()
            .Single(handler => handler.Topic == topic && handler.GetType().Namespace == typeof(NewsDesk).Namespace)
            .Handle(OutboxMessage.Of(topic, $"{topic}:1", news), CancellationToken.None);
}
