using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using Florist.Occasions;
using Florist.Orders;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;

namespace Florist.Tests.Occasions;

/// <summary>A shop that reminds of occasions, at New Year 2027, with Anna and her mother as customers.</summary>
internal static class OccasionShop
{
    public static readonly DateTimeOffset NewYear = Books.At("2027-01-01T12:00:00Z");

    public static async Task<TestShop> Start(ReminderLedger ledger)
    {
        TestShop shop = await TestShop.Start(services =>
        {
            services.AddCustomers();
            services.AddOccasions();
            services.Configure<OccasionsOptions>(options => options.WindowMinutes = 0);
            services.AddSingleton(new EventTopic(OrdersTopics.Confirmed));
            services.AddSingleton(new EventTopic(OrdersTopics.Cancelled));
            services.AddSingleton<IOutboxHandler>(ledger);
        });
        shop.Time.Set(NewYear);
        CustomerProfile profile = new()
        {
            GivenName = "Anna",
            Email = "anna@example.org",
            Country = "GB",
            TimeZone = "Europe/London",
            LanguageCode = "en-GB",
        };
        Recipient mum = new() { Id = Books.Mum.Id, GivenName = "Ruth", FamilyName = "Lee" };
        ICustomerGrain anna = shop.Grain<ICustomerGrain>("anna");
        Assert.Null((await anna.Create(new CreateCustomer(null, profile))).Fault);
        Assert.Null((await anna.AddRecipient(new AddRecipient(null, mum))).Fault);
        return shop;
    }

    public static IOccasionsGrain Annas(this TestShop shop) => shop.Grain<IOccasionsGrain>("anna");

    public static async Task<OccasionView> Add(this TestShop shop, OccasionDetails details, string? requestId = null) =>
        (await shop.Annas().Add(new AddOccasion(requestId, details), await shop.Facts())).OrThrow();

    public static async Task<CustomerFacts> Facts(this TestShop shop) =>
        CustomerFacts.Of((await shop.Grain<ICustomerGrain>("anna").Get()).OrThrow());

    public static async Task<ImmutableArray<string>> Rows(this TestShop shop, string kind) =>
        [.. (await shop.Get<IGrainRows>().Read(shop.Annas().GetGrainId(), kind, 1000)).Select(row => row.Id)];
}

/// <summary>Writes down the reminders that arrive, instead of messaging.</summary>
internal sealed class ReminderLedger : IOutboxHandler
{
    private readonly Lock gate = new();
    private ImmutableArray<ReminderDue> entries = [];

    public string Topic => OccasionsTopics.ReminderDue;

    public ImmutableArray<string> Keys
    {
        get
        {
            lock (gate)
            {
                return [.. entries.Select(due => due.OccurrenceKey)];
            }
        }
    }

    public Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            entries = entries.Add(message.Read<ReminderDue>());
        }

        return Task.FromResult(OutboxResult.Done);
    }
}
