using System.Collections.Immutable;
using Florist.Adapters.Sql;
using Florist.Customers;
using Florist.Kernel;
using Florist.Tests.Testing;
using Microsoft.Data.Sqlite;
using static Florist.Tests.Customers.CustomerSamples;

namespace Florist.Tests.Customers;

public sealed class CustomerGrainTests
{
    [Fact]
    public async Task A_customer_survives_a_crash_with_recipients_purchases_and_answers()
    {
        await using TestShop shop = await TestShop.Start(services => services.AddCustomers());
        ICustomerGrain anna = shop.Grain<ICustomerGrain>("anna");
        CreateCustomer create = new("request-1", Profile);
        await anna.Create(create);
        await anna.AddRecipient(new("request-2", Mum));
        await anna.RecordPurchase(Bought("orders-1", "2026-11-23"));
        CustomerView before = Value(await anna.Get());

        await shop.Restart(crash: true);

        ICustomerGrain again = shop.Grain<ICustomerGrain>("anna");
        CustomerView after = Value(await again.Get());
        Assert.Equal(FloristJson.Write(before), FloristJson.Write(after));
        Assert.Equal("Mary", after.RecipientOf(new("mum"))?.GivenName);
        Assert.Equal(before.Revision, Value(await again.Create(create)).Revision);
        Assert.Equal("orders-1", Assert.Single(Value(await again.Purchases(new(10, null))).Items).Key);
    }

    [Fact]
    public async Task A_request_id_has_one_effect_and_stands_for_one_request()
    {
        await using TestShop shop = await TestShop.Start(services => services.AddCustomers());
        ICustomerGrain anna = shop.Grain<ICustomerGrain>("anna");
        await anna.Create(new("request-1", Profile));
        UpdateCustomer update = new("request-2", null, new() { Email = "lee@example.org" }, Paths("email"));
        CustomerView once = Value(await anna.Update(update));
        CustomerView twice = Value(await anna.Update(update));
        Assert.Equal(2, once.Revision);
        Assert.Equal(2, twice.Revision);

        Fault reused = Refusal(await anna.Update(update with { Values = new() { Email = "x@example.org" } }));
        Assert.Equal("REQUEST_ID_REUSED", reused.Reason);
        Assert.Equal("lee@example.org", Value(await anna.Get()).Email);

        RemoveRecipient remove = new("request-4", null, Mum.Id);
        await anna.AddRecipient(new("request-3", Mum));
        Assert.Null((await anna.RemoveRecipient(remove)).Fault);
        Assert.Null((await anna.RemoveRecipient(remove)).Fault);
        Assert.Equal(FaultKind.NotFound, Refusal(await anna.RemoveRecipient(new(null, null, Mum.Id))).Kind);
    }

    [Fact]
    public async Task A_repeat_about_a_recipient_gets_the_first_answer_also_when_the_recipient_is_gone()
    {
        await using TestShop shop = await TestShop.Start(services => services.AddCustomers());
        ICustomerGrain anna = shop.Grain<ICustomerGrain>("anna");
        await anna.Create(new(null, Profile));
        AddRecipient add = new("request-1", Mum);
        ChangeRecipient change = new("request-2", null, Mum with { GivenName = "Maria" }, Paths("given_name"));
        Recipient added = Value(await anna.AddRecipient(add));
        Recipient changed = Value(await anna.ChangeRecipient(change));
        Assert.Null((await anna.RemoveRecipient(new(null, null, Mum.Id))).Fault);

        await shop.Restart(crash: true);

        anna = shop.Grain<ICustomerGrain>("anna");
        Assert.Equal(FloristJson.Write(added), FloristJson.Write(Value(await anna.AddRecipient(add))));
        Assert.Equal(FloristJson.Write(changed), FloristJson.Write(Value(await anna.ChangeRecipient(change))));
        Assert.Empty(Value(await anna.Get()).Recipients);
        Assert.Equal("REQUEST_ID_REUSED", Refusal(await anna.AddRecipient(add with
        {
            Recipient = Mum with
            {
                Id = new("nan"),
            }
        })).Reason);
    }

    [Fact]
    public async Task Nothing_is_known_of_a_customer_before_creation()
    {
        await using TestShop shop = await TestShop.Start(services => services.AddCustomers());
        ICustomerGrain nobody = shop.Grain<ICustomerGrain>("nobody");
        Assert.Equal("customers/nobody", Refusal(await nobody.Get()).Values["name"]);
        Assert.Equal(FaultKind.NotFound, Refusal(await nobody.Purchases(new(10, null))).Kind);
        Assert.Equal(FaultKind.NotFound, Refusal(await nobody.RecordPurchase(Bought("orders-1", "2026-11-23"))).Kind);
        Assert.Equal(FaultKind.NotFound, Refusal(await nobody.AddRecipient(new(null, Mum))).Kind);
        Assert.Equal(0, await Rows(shop, "customer_index"));
    }

    [Fact]
    public async Task A_deleted_customer_can_come_back_until_the_purge_and_not_after()
    {
        await using TestShop shop = await TestShop.Start(services => services.AddCustomers());
        ICustomerGrain anna = shop.Grain<ICustomerGrain>("anna");
        await anna.Create(new(null, Profile));
        await anna.AddRecipient(new(null, Mum));
        await anna.RecordPurchase(Bought("orders-1", "2026-11-23"));
        DateTimeOffset deleted = shop.Time.GetUtcNow();
        Assert.Equal(deleted.AddDays(30), Value(await anna.Delete(new(null, null))).PurgeAt);

        await shop.RunUntil(deleted.AddDays(29));
        Assert.Null(Value(await anna.Undelete(new(null, null))).DeletedAt);
        await shop.RunUntil(deleted.AddDays(40));
        Assert.Equal("Mary", Value(await anna.Get()).RecipientOf(new("mum"))?.GivenName);

        await anna.Delete(new("request-1", null));
        await shop.RunUntil(shop.Time.GetUtcNow().AddDays(30));
        Assert.Equal(FaultKind.NotFound, Refusal(await anna.Get()).Kind);
        Assert.Equal(FaultKind.NotFound, Refusal(await anna.Undelete(new(null, null))).Kind);
        Assert.Equal(FaultKind.Exists, Refusal(await anna.Create(new(null, Profile))).Kind);
        Assert.Equal(0, await Rows(shop, "customer_index"));
        Assert.Equal(0, await Rows(shop, "grain_row"));
        Assert.Equal(0, await Rows(shop, "wake"));
    }

    [Fact]
    public async Task Others_hear_of_changes_in_the_same_commit_and_of_the_purge_last()
    {
        await using TestShop shop = await TestShop.Start(services => services.AddCustomers());
        ICustomerGrain anna = shop.Grain<ICustomerGrain>("anna");
        await anna.Create(new(null, Profile));
        await anna.Update(new(null, null, new() { TimeZone = "Europe/Berlin" }, Paths("time_zone")));
        await anna.RecordPurchase(Bought("orders-1", "2026-11-23"));
        await anna.Delete(new(null, null));

        ImmutableArray<OutboxRow> told = await Pending(shop);
        Assert.Equal(
            [(1L, "Europe/London", false), (2L, "Europe/Berlin", false), (4L, "Europe/Berlin", true)],
            told.Select(row => row.Message.Read<CustomerChanged>())
                .Select(changed => (changed.Revision, changed.TimeZone, changed.Deleted)).Order());
    }

    [Fact]
    public async Task Purchases_are_listed_latest_first_page_by_page()
    {
        await using TestShop shop = await TestShop.Start(services => services.AddCustomers());
        ICustomerGrain anna = shop.Grain<ICustomerGrain>("anna");
        ImmutableArray<ImportedPurchase> history =
        [
            .. Enumerable.Range(1, 7).Select(i =>
                new ImportedPurchase(i, new DateOnly(1997, 1, 1).AddDays(i / 2), 1, new Money(i, "USD"))),
        ];
        PurchasesImported imported = Value(await anna.ImportPurchases(new("cdnow", "US", history)));
        Assert.Equal(new PurchasesImported(Created: true, 7), imported);

        List<string> keys = [];
        string? after = null;
        do
        {
            Page<Purchase> page = Value(await anna.Purchases(new(3, after)));
            Assert.InRange(page.Items.Length, 1, 3);
            keys.AddRange(page.Items.Select(purchase => purchase.Key));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(Enumerable.Range(1, 7).Reverse().Select(i => $"cdnow-00000{i}"), keys);
    }

    [Fact]
    public async Task A_second_import_writes_nothing()
    {
        await using TestShop shop = await TestShop.Start(services => services.AddCustomers());
        ImportPurchases command = new("cdnow", "US", [new(1, new(1997, 1, 1), 1, new(1177, "USD"))]);
        await shop.Grain<ICustomerGrain>("cdnow-00001").ImportPurchases(command);
        CustomerView before = Value(await shop.Grain<ICustomerGrain>("cdnow-00001").Get());
        shop.Time.Advance(TimeSpan.FromHours(1));

        PurchasesImported again = Value(await shop.Grain<ICustomerGrain>("cdnow-00001").ImportPurchases(command));

        Assert.Equal(new PurchasesImported(Created: false, 0), again);
        CustomerView after = Value(await shop.Grain<ICustomerGrain>("cdnow-00001").Get());
        Assert.Equal(FloristJson.Write(before), FloristJson.Write(after));
        Assert.Empty(await Pending(shop));
    }

    [Fact]
    public async Task A_withdrawn_purchase_stays_in_the_history_and_in_no_trait_also_after_a_crash()
    {
        await using TestShop shop = await TestShop.Start(services => services.AddCustomers());
        ICustomerGrain anna = shop.Grain<ICustomerGrain>("anna");
        await anna.Create(new(null, Profile));
        Purchase late = Bought("orders-2", "2026-11-24");
        await anna.RecordPurchase(Bought("orders-1", "2026-11-23"));

        Value(await anna.WithdrawPurchase(late));
        Value(await anna.RecordPurchase(late));
        Value(await anna.WithdrawPurchase(Bought("orders-1", "2026-11-23")));
        await shop.Restart(crash: true);

        ICustomerGrain again = shop.Grain<ICustomerGrain>("anna");
        Value(await again.WithdrawPurchase(late));
        Assert.Equal(0, Value(await again.Get()).Traits.OrderCount);
        Assert.Equal(
            [("orders-2", true), ("orders-1", true)],
            Value(await again.Purchases(new(10, null))).Items.Select(one => (one.Key, one.Withdrawn)));
    }

    [Fact]
    public async Task A_purchase_of_another_day_does_not_hide_a_repeat()
    {
        await using TestShop shop = await TestShop.Start(services => services.AddCustomers());
        ICustomerGrain anna = shop.Grain<ICustomerGrain>("anna");
        await anna.Create(new(null, Profile));
        string[] days = ["2026-11-21", "2026-11-22", "2026-11-23", "2026-11-22", "2026-11-21"];
        foreach (string day in days)
        {
            await anna.RecordPurchase(Bought($"orders-{day}", day));
            await anna.RecordPurchase(Bought($"orders-{day}", day));
        }

        CustomerTraits traits = Value(await anna.Get()).Traits;
        Assert.Equal((3, 3), (traits.OrderCount, traits.PurchaseDayCount));
        Assert.Equal(new Money(3000, "GBP"), traits.MainSpend());
    }

    private static Task<ImmutableArray<OutboxRow>> Pending(TestShop shop) =>
        shop.Get<IOutboxTable>().Due(OutboxClass.Notice, shop.Time.GetUtcNow(), 100, CancellationToken.None);

    private static Task<long> Rows(TestShop shop, string table) => shop.Get<SqliteDatabase>().Readers.Read(
        session =>
        {
            using SqliteDataReader reader = session.Query($"SELECT count(*) FROM {table}");
            return reader.Read() ? reader.GetInt64(0) : -1;
        },
        CancellationToken.None);
}
