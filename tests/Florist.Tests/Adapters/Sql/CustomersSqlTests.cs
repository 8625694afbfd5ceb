using System.Collections.Immutable;
using Florist.Adapters.Sql;
using Florist.Customers;
using Florist.Kernel;
using Florist.Tests.Testing;
using Microsoft.Data.Sqlite;

namespace Florist.Tests.Adapters.Sql;

public sealed class CustomersSqlTests
{
    private static readonly string[] Filters =
    [
        "",
        "email = \"anna@example.org\"",
        "email != \"anna@example.org\"",
        "NOT email = \"anna@example.org\"",
        "email:*",
        "NOT email:*",
        "given_name = \"an*\"",
        "given_name = \"*\"",
        "given_name != \"*\"",
        "given_name = \"[a\\*?\"",
        "given_name = \"*[*\"",
        "family_name < \"m\"",
        "mobile = \"+4477*\" OR region_code = \"US\" AND traits.order_count >= 2",
        "region_code = \"us\"",
        "traits.spend > 20.00",
        "traits.spend <= 0",
        "traits.average_order_value = 11.77 OR traits.average_order_value > 1000",
        "traits.last_purchase_date < 1998-01-01",
        "traits.first_purchase_date:*",
        "-traits.last_purchase_date:*",
        "traits.order_count = 0",
        "traits.purchase_day_count != 1",
        "traits.currency_code = \"USD\"",
        "create_time >= \"2026-11-23T09:00:01Z\"",
        "create_time > \"2026-11-23T09:00:00.9999999Z\"",
        "create_time = \"2026-11-23T09:00:01.0000001Z\"",
        "create_time < \"2026-11-23T09:00:01.0000001Z\"",
        "update_time >= \"2026-11-23T09:00:00.5Z\"",
        "(time_zone = \"America/*\" OR language_code = \"de*\") AND NOT (email:* AND mobile:*)",
    ];

    private static readonly string[] Orders =
    [
        "", "create_time desc", "traits.spend desc", "traits.order_count desc, create_time",
        "family_name, given_name desc", "traits.last_purchase_date", "email desc, traits.average_order_value desc",
    ];

    [Fact]
    public void Every_field_of_the_listing_has_its_column()
    {
        Assert.Equal(
            CustomerListing.Filters.Fields.Select(field => field.Path).Order(StringComparer.Ordinal),
            CustomersSql.Listing.Columns.Keys.Order(StringComparer.Ordinal));
        Assert.All(
            CustomerListing.Orders.Fields,
            field => Assert.True(CustomersSql.Listing.Columns.ContainsKey(field), field));
    }

    [Fact]
    public async Task The_database_finds_what_the_evaluator_finds()
    {
        await using TestShop shop = await Filled();
        ImmutableArray<CustomerView> all = await All(shop, "", "");
        Assert.Equal(8, all.Length);
        Assert.All(Filters, text =>
        {
            FilterExpression filter = Parsed(text);
            IEnumerable<string> expected = all
                .Where(view => filter.Matches(field => Held(view, field.Path))).Select(view => view.Id.Value);
            IEnumerable<string> found = Pages(shop, text, "", 100).Select(view => view.Id.Value);
            Assert.Equal((text, string.Join(',', expected)), (text, string.Join(',', found)));
        });
    }

    [Fact]
    public async Task Pages_of_any_size_and_order_join_to_the_whole()
    {
        await using TestShop shop = await Filled();
        Assert.All(Orders, order =>
        {
            string whole = string.Join(',', Pages(shop, "", order, 100).Select(view => view.Id.Value));
            Assert.Equal(8, whole.Split(',').Distinct().Count());
            Assert.All([1, 2, 3, 7], size => Assert.Equal(
                (order, whole), (order, string.Join(',', Pages(shop, "", order, size).Select(view => view.Id.Value)))));
        });
    }

    [Fact]
    public async Task Orders_go_by_value_then_by_id()
    {
        await using TestShop shop = await Filled();
        ImmutableArray<CustomerView> bySpend = await All(shop, "traits.spend:*", "traits.spend desc");
        Assert.Equal(bySpend.OrderByDescending(view => view.Traits.MainSpend()?.Minor), bySpend);
        ImmutableArray<CustomerView> byCount = await All(shop, "", "traits.order_count");
        Assert.Equal(byCount.OrderBy(view => view.Traits.OrderCount).ThenBy(view => view.Id.Value), byCount);
    }

    [Fact]
    public async Task Deleted_customers_are_shown_only_when_asked_for()
    {
        await using TestShop shop = await Filled();
        await shop.Grain<ICustomerGrain>("anna").Delete(new(null, null));
        ICustomerQueries queries = shop.Get<ICustomerQueries>();
        CustomerQuery hidden = new(Parsed(""), [], ShowDeleted: false);
        Page<CustomerView> living = await queries.List(hidden, new(100, null), CancellationToken.None);
        Page<CustomerView> every = await queries.List(
            hidden with { ShowDeleted = true }, new(100, null), CancellationToken.None);
        Assert.DoesNotContain(living.Items, view => view.Id.Value == "anna");
        Assert.Equal(
            shop.Time.GetUtcNow(), Assert.Single(every.Items, view => view.Id.Value == "anna").DeletedAt);
    }

    [Fact]
    public async Task A_listed_customer_is_the_customer_without_recipients()
    {
        await using TestShop shop = await Filled();
        ICustomerGrain anna = shop.Grain<ICustomerGrain>("anna");
        await anna.AddRecipient(new(null, new() { Id = new("mum"), GivenName = "Mary" }));
        CustomerView view = (await anna.Get()).Value ?? throw new InvalidOperationException();
        CustomerView listed = Assert.Single(await All(shop, "email = \"anna@example.org\"", ""));
        Assert.Equal(FloristJson.Write(view with { Recipients = [] }), FloristJson.Write(listed));
    }

    [Theory]
    [InlineData("email = \"anna@example.org\"", "", "customer_email")]
    [InlineData("mobile = \"+447700900123\"", "", "customer_mobile")]
    [InlineData("", "traits.spend desc", "customer_spend_minor")]
    [InlineData("", "traits.last_purchase_date desc", "customer_last_purchase_on")]
    [InlineData("", "traits.order_count", "customer_order_count")]
    public async Task Lookups_and_orders_use_their_index(string filter, string order, string index)
    {
        await using TestShop shop = await TestShop.Start(services => services.AddCustomers());
        SqlListing<CustomerView> listing = CustomersSql.Listing;
        string? after = order.Length == 0 ? null : SqlOrder.Position([1L, "x"]);
        SqlStatement statement = listing.Statement(
            SqlDialect.Sqlite, Parsed(filter), listing.Order(Terms(order)), new(10, after), _ => "deleted = 0");
        string plan = await shop.Get<SqliteDatabase>().Readers.Read(
            session =>
            {
                List<string> steps = [];
                using SqliteDataReader reader = session.Query($"EXPLAIN QUERY PLAN {statement.Sql}", statement.Values);
                while (reader.Read())
                {
                    steps.Add(reader.GetString(3));
                }

                return string.Join("; ", steps);
            },
            CancellationToken.None);
        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    private static async Task<TestShop> Filled()
    {
        TestShop shop = await TestShop.Start(services => services.AddCustomers());
        await Create(shop, "anna", new() { GivenName = "Anna", FamilyName = "Lee", Email = "Anna@example.org" });
        await Create(shop, "bob", new() { GivenName = "Bob", FamilyName = "Adams", Mobile = "+447700900123" });
        shop.Time.Advance(TimeSpan.FromSeconds(1));
        await Create(shop, "carl", new() { GivenName = "ANTON", Email = "carl@example.de", Country = "DE" });
        await Create(shop, "dora", new() { GivenName = "[a*?", FamilyName = "Zuñiga", Country = "US" });
        await Create(shop, "emil", new() { FamilyName = "Lee", Email = "e@x.org", Mobile = "+447700900124" });
        await Import(shop, "cdnow-1", ("1997-01-01", 1177));
        await Import(shop, "cdnow-2", ("1997-01-12", 1200), ("1997-01-12", 7700), ("1998-05-28", 1699));
        await Import(shop, "cdnow-3", ("1997-01-02", 0));
        await shop.Grain<ICustomerGrain>("bob").RecordPurchase(
            new() { Key = "orders-1", Day = new(2026, 11, 23), Units = 1, Amount = new(2500, "GBP") });
        return shop;
    }

    private static async Task Create(TestShop shop, string id, CustomerProfile profile) =>
        Assert.Null((await shop.Grain<ICustomerGrain>(id).Create(new(null, profile))).Fault);

    private static async Task Import(TestShop shop, string id, params (string Day, long Cents)[] purchases)
    {
        ImportPurchases command = new("cdnow", "US", [.. purchases.Select((one, i) => new ImportedPurchase(
            i + 1,
            DateOnly.ParseExact(one.Day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            1,
            new Money(one.Cents, "USD")))]);
        Assert.Null((await shop.Grain<ICustomerGrain>(id).ImportPurchases(command)).Fault);
    }

    private static FilterExpression Parsed(string filter) =>
        CustomerListing.Filters.Parse(filter).Value ?? throw new ArgumentException(filter, nameof(filter));

    private static ImmutableArray<OrderTerm> Terms(string order) => CustomerListing.Orders.Parse(order).Value;

    private static async Task<ImmutableArray<CustomerView>> All(TestShop shop, string filter, string order) =>
        (await shop.Get<ICustomerQueries>().List(
            new(Parsed(filter), Terms(order), ShowDeleted: true), new(1000, null), CancellationToken.None)).Items;

    private static List<CustomerView> Pages(TestShop shop, string filter, string order, int size)
    {
        List<CustomerView> views = [];
        string? after = null;
        do
        {
            // Assertions over collections are synchronous; reads of the index complete on the caller's thread.
            Page<CustomerView> page = shop.Get<ICustomerQueries>().List(
                    new(Parsed(filter), Terms(order), ShowDeleted: true), new(size, after), CancellationToken.None)
                .GetAwaiter().GetResult();
            Assert.InRange(page.Items.Length, 0, size);
            views.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return views;
    }

    private static FilterValue? Held(CustomerView view, string path) => path switch
    {
        "given_name" => Text(view.GivenName.ToLowerInvariant()),
        "family_name" => Text(view.FamilyName.ToLowerInvariant()),
        "email" => Text(view.Email?.ToLowerInvariant()),
        "mobile" => Text(view.Mobile),
        "region_code" => Text(view.Country),
        "language_code" => Text(view.LanguageCode),
        "time_zone" => Text(view.TimeZone),
        "create_time" => new FilterValue.Timestamp(view.CreatedAt),
        "update_time" => new FilterValue.Timestamp(view.UpdatedAt),
        "traits.order_count" => new FilterValue.Integer(view.Traits.OrderCount),
        "traits.purchase_day_count" => new FilterValue.Integer(view.Traits.PurchaseDayCount),
        "traits.first_purchase_date" => Day(view.Traits.FirstPurchaseOn),
        "traits.last_purchase_date" => Day(view.Traits.LastPurchaseOn),
        "traits.currency_code" => Text(view.Traits.MainCurrency()),
        "traits.spend" => Amount(view.Traits.MainSpend()),
        "traits.average_order_value" => Amount(view.Traits.AverageOrderValue()),
        _ => throw new ArgumentException(path, nameof(path)),
    };

    private static FilterValue.Text? Text(string? text) => string.IsNullOrEmpty(text) ? null : new(text);

    private static FilterValue.Date? Day(DateOnly? day) => day is { } known ? new(known) : null;

    private static FilterValue.Money? Amount(Money? money) => money is { } known ? new(known.Minor) : null;
}
