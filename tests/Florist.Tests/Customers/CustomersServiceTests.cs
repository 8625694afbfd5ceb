using Florist.Customers;
using Florist.Kernel;
using Florist.Protos.Customers.V1;
using Florist.Tests.Testing;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Client = Florist.Protos.Customers.V1.CustomerService.CustomerServiceClient;
using Customer = Florist.Protos.Customers.V1.Customer;
using Recipient = Florist.Protos.Customers.V1.Recipient;
using RpcStatus = Google.Rpc.Status;

namespace Florist.Tests.Customers;

public sealed class CustomersServiceTests : IAsyncLifetime
{
    private const string RequestId = "4f1d9a3e-8a7c-4c61-9a35-0d6c1a2f7b10";

    private TestShop shop = null!;
    private TestEdge edge = null!;

    private Client Staff => new(edge.As(CallerKind.Staff, "kim"));

    private Client Anna => new(edge.As(CallerKind.Customer, "anna"));

    public async ValueTask InitializeAsync()
    {
        shop = await TestShop.Start(services => services.AddCustomers());
        edge = await TestEdge.Start(
            shop,
            routes => routes.MapCustomers(),
            services => services.AddSingleton(shop.Get<ICustomerQueries>()));
    }

    public async ValueTask DisposeAsync()
    {
        await edge.DisposeAsync();
        await shop.DisposeAsync();
    }

    [Fact]
    public async Task A_customer_is_created_read_changed_deleted_and_brought_back()
    {
        Customer created = await Create("anna", new() { GivenName = "Anna", Email = "anna@BÜCHER.example" });
        Assert.Equal(("customers/anna", "\"1\""), (created.Name, created.Etag));
        Assert.Equal("anna@xn--bcher-kva.example", created.Email);
        Assert.Equal(("GB", "en-GB", "Europe/London"), (created.RegionCode, created.LanguageCode, created.TimeZone));
        Assert.Equal(created, await Anna.GetCustomerAsync(new() { Name = "customers/me" }));

        Customer changed = await Anna.UpdateCustomerAsync(new()
        {
            Customer = new() { Name = "customers/me", FamilyName = "Lee", Etag = created.Etag },
        });
        Assert.Equal(("Anna", "Lee", "\"2\""), (changed.GivenName, changed.FamilyName, changed.Etag));

        Customer deleted = await Anna.DeleteCustomerAsync(new() { Name = "customers/me", Etag = changed.Etag });
        Assert.Equal(deleted.DeleteTime.ToDateTimeOffset().AddDays(30), deleted.PurgeTime.ToDateTimeOffset());
        Assert.Equal(deleted, await Staff.GetCustomerAsync(new() { Name = "customers/anna" }));
        RpcException refused = await Refused(StatusCode.FailedPrecondition, Anna.UpdateCustomerAsync(new()
        {
            Customer = new() { Name = "customers/me", FamilyName = "X" },
        }));
        Assert.Equal("CUSTOMER_DELETED", Info(refused).Reason);

        Customer back = await Staff.UndeleteCustomerAsync(new() { Name = "customers/anna" });
        Assert.Null(back.DeleteTime);
        await Refused(StatusCode.AlreadyExists, Staff.UndeleteCustomerAsync(new() { Name = "customers/anna" }));
    }

    [Fact]
    public async Task A_mask_decides_what_an_update_touches()
    {
        await Create("anna", new()
        {
            GivenName = "Anna",
            Email = "anna@example.org",
            Preferences = new() { HasCats = true, LikedStems = { "iris" }, Allergies = { "pollen" } },
        });
        Customer sent = new()
        {
            Name = "customers/anna",
            GivenName = "ignored",
            Mobile = "nonsense, not looked at",
            Preferences = new() { LikedStems = { "rose" } },
            Traits = new() { OrderCount = 99 },
        };
        Customer masked = await Update(sent, "email", "preferences.liked_stems", "traits", "create_time");
        Assert.Equal(("Anna", "", "", 0), (masked.GivenName, masked.Email, masked.Mobile, masked.Traits.OrderCount));
        Assert.Equal(["rose"], masked.Preferences.LikedStems);
        Assert.Equal(["pollen"], masked.Preferences.Allergies);
        Assert.True(masked.Preferences.HasCats);

        Customer populated = await Update(new() { Name = "customers/anna", Preferences = new() { HasDogs = true } });
        Assert.True(populated.Preferences.HasCats);
        Assert.True(populated.Preferences.HasDogs);

        Customer whole = await Update(new() { Name = "customers/anna", FamilyName = "Lee" }, "*");
        Assert.Equal(("", "Lee"), (whole.GivenName, whole.FamilyName));
        Assert.Equal(new Customer.Types.Preferences(), whole.Preferences);

        RpcException unknown = await Refused(StatusCode.InvalidArgument, Staff.UpdateCustomerAsync(new()
        {
            Customer = new() { Name = "customers/anna" },
            UpdateMask = new() { Paths = { "nickname" } },
        }));
        Assert.Equal("update_mask", Assert.Single(Violations(unknown)).Field);
    }

    [Fact]
    public async Task Every_wrong_field_is_told_at_once()
    {
        RpcException wrong = await Refused(StatusCode.InvalidArgument, Staff.CreateCustomerAsync(new()
        {
            CustomerId = "Anna!",
            RequestId = "not a uuid",
            Customer = new() { GivenName = "Anna", Email = "anna", RegionCode = "ZZ" },
        }));
        Assert.Equal(
            ["customer.email", "customer.region_code", "customer_id", "request_id"],
            Violations(wrong).Select(violation => violation.Field).Order(StringComparer.Ordinal));
        await Refused(StatusCode.InvalidArgument, Staff.CreateCustomerAsync(new() { CustomerId = "anna" }));
        await Refused(StatusCode.InvalidArgument, Staff.CreateCustomerAsync(new()
        {
            CustomerId = "me",
            Customer = new() { GivenName = "Anna" },
        }));
    }

    [Fact]
    public async Task A_request_id_makes_one_customer_also_when_the_server_names_it()
    {
        CreateCustomerRequest request = new() { RequestId = RequestId, Customer = new() { GivenName = "Anna" } };
        Customer first = await Staff.CreateCustomerAsync(request);
        Customer again = await Staff.CreateCustomerAsync(request);
        Assert.Equal(first, again);

        Client other = new(edge.As(CallerKind.Staff, "lou"));
        Assert.NotEqual(first.Name, (await other.CreateCustomerAsync(request)).Name);

        request.Customer.GivenName = "Bob";
        RpcException reused = await Refused(StatusCode.InvalidArgument, Staff.CreateCustomerAsync(request));
        Assert.Equal("REQUEST_ID_REUSED", Info(reused).Reason);

        CreateCustomerRequest unnamed = new() { Customer = new() { GivenName = "Anna" } };
        Assert.NotEqual(
            (await Staff.CreateCustomerAsync(unnamed)).Name, (await Staff.CreateCustomerAsync(unnamed)).Name);
    }

    [Fact]
    public async Task Nobody_learns_whether_another_customer_exists()
    {
        await Create("bob", new() { GivenName = "Bob" });
        string[] names = ["customers/bob", "customers/nobody"];
        foreach (string name in names)
        {
            await Refused(StatusCode.PermissionDenied, Anna.GetCustomerAsync(new() { Name = name }));
            await Refused(StatusCode.PermissionDenied, Anna.DeleteCustomerAsync(new() { Name = name }));
            await Refused(StatusCode.PermissionDenied, Anna.ListRecipientsAsync(new() { Parent = name }));
            await Refused(StatusCode.PermissionDenied, Anna.ListPurchasesAsync(new() { Parent = name }));
            await Refused(StatusCode.PermissionDenied, Anna.GetRecipientAsync(new() { Name = $"{name}/recipients/x" }));
            await Refused(StatusCode.PermissionDenied, Anna.UpdateCustomerAsync(new()
            {
                Customer = new() { Name = name, Email = "not even an address" },
            }));
        }

        await Refused(StatusCode.PermissionDenied, Anna.ListCustomersAsync(new() { Filter = "nonsense" }));
        await Refused(StatusCode.PermissionDenied, Anna.BatchGetCustomersAsync(new() { Names = { "customers/anna" } }));
        await Refused(StatusCode.PermissionDenied, Anna.CreateCustomerAsync(new() { CustomerId = "carl" }));
        await Refused(StatusCode.PermissionDenied, Anna.CreateCustomerAsync(new() { Customer = new() }));
        Client courier = new(edge.As(CallerKind.Courier, "bob"));
        await Refused(StatusCode.PermissionDenied, courier.GetCustomerAsync(new() { Name = "customers/bob" }));
        RpcException missing = await Refused(
            StatusCode.NotFound, Staff.GetCustomerAsync(new() { Name = "customers/nobody" }));
        Assert.Equal("customers/nobody", Info(missing).Metadata["name"]);
    }

    [Fact]
    public async Task A_stale_etag_is_aborted()
    {
        Customer created = await Create("anna", new() { GivenName = "Anna" });
        await Update(new() { Name = "customers/anna", FamilyName = "Lee" });
        Customer stale = new() { Name = "customers/anna", FamilyName = "Li", Etag = created.Etag };
        RpcException aborted = await Refused(
            StatusCode.Aborted, Staff.UpdateCustomerAsync(new() { Customer = stale }));
        Assert.Equal("ETAG_MISMATCH", Info(aborted).Reason);
        await Refused(
            StatusCode.Aborted, Staff.DeleteCustomerAsync(new() { Name = stale.Name, Etag = created.Etag }));
    }

    [Fact]
    public async Task Recipients_are_resources_of_their_customer()
    {
        await Create("anna", new() { GivenName = "Anna" });
        Recipient mum = await Anna.CreateRecipientAsync(new()
        {
            Parent = "customers/me",
            RecipientId = "mum",
            Recipient = new() { GivenName = "Mary", Relationship = Recipient.Types.Relationship.Mother },
        });
        Assert.Equal("customers/anna/recipients/mum", mum.Name);
        CreateRecipientRequest unnamed = new()
        {
            Parent = "customers/anna",
            RequestId = RequestId,
            Recipient = new() { GivenName = "Dan" },
        };
        Recipient dan = await Anna.CreateRecipientAsync(unnamed);
        Assert.Equal(dan, await Anna.CreateRecipientAsync(unnamed));

        Recipient changed = await Anna.UpdateRecipientAsync(new()
        {
            Recipient = new() { Name = mum.Name, HasCats = true, GivenName = "Maria", Etag = mum.Etag },
            UpdateMask = new() { Paths = { "has_cats" } },
        });
        Assert.Equal(("Mary", true), (changed.GivenName, changed.HasCats));
        Assert.Equal(changed, await Staff.GetRecipientAsync(new() { Name = mum.Name }));
        await Refused(
            StatusCode.Aborted, Anna.DeleteRecipientAsync(new() { Name = mum.Name, Etag = mum.Etag }));

        ListRecipientsResponse first = await Anna.ListRecipientsAsync(new() { Parent = "customers/me", PageSize = 1 });
        ListRecipientsResponse second = await Anna.ListRecipientsAsync(
            new() { Parent = "customers/anna", PageSize = 1, PageToken = first.NextPageToken });
        Assert.Equal("", second.NextPageToken);
        Assert.Equal(
            new[] { mum.Name, dan.Name }.Order(StringComparer.Ordinal),
            [first.Recipients[0].Name, second.Recipients[0].Name]);

        await Anna.DeleteRecipientAsync(new() { Name = mum.Name });
        await Refused(StatusCode.NotFound, Anna.GetRecipientAsync(new() { Name = mum.Name }));
    }

    [Fact]
    public async Task Customers_are_listed_by_filter_page_by_page_and_tokens_fit_their_listing_only()
    {
        for (int i = 1; i <= 5; i++)
        {
            await shop.Grain<ICustomerGrain>($"cdnow-{i}").ImportPurchases(
                new("cdnow", "US", [new(1, new(1997, 1, i), 1, new(1000 * i, "USD"))]));
        }

        ListCustomersRequest request =
            new() { Filter = "traits.spend >= 20", OrderBy = "traits.spend desc", PageSize = 3 };
        ListCustomersResponse first = await Staff.ListCustomersAsync(request);
        request.PageToken = first.NextPageToken;
        ListCustomersResponse second = await Staff.ListCustomersAsync(request);
        Assert.Equal(
            ["customers/cdnow-5", "customers/cdnow-4", "customers/cdnow-3", "customers/cdnow-2"],
            first.Customers.Concat(second.Customers).Select(customer => customer.Name));
        Assert.Equal("", second.NextPageToken);
        Assert.Equal((50, "USD"), (first.Customers[0].Traits.Spend.Units, first.Customers[0].Traits.CurrencyCode));

        request.Filter = "traits.spend >= 30";
        RpcException misused = await Refused(StatusCode.InvalidArgument, Staff.ListCustomersAsync(request));
        Assert.Equal("page_token", Assert.Single(Violations(misused)).Field);
        string[] faulty = ["birth_date = 2000-01-01", "traits.spend = \"much\"", "email"];
        foreach (string filter in faulty)
        {
            RpcException wrong = await Refused(
                StatusCode.InvalidArgument, Staff.ListCustomersAsync(new() { Filter = filter }));
            Assert.Equal("filter", Assert.Single(Violations(wrong)).Field);
        }

        await Refused(StatusCode.InvalidArgument, Staff.ListCustomersAsync(new() { OrderBy = "birth_date" }));
        await Refused(StatusCode.InvalidArgument, Staff.ListCustomersAsync(new() { PageSize = -1 }));
    }

    [Fact]
    public async Task Several_customers_are_got_at_once_or_none()
    {
        await Create("anna", new() { GivenName = "Anna" });
        await Create("bob", new() { GivenName = "Bob" });
        BatchGetCustomersResponse both =
            await Staff.BatchGetCustomersAsync(new() { Names = { "customers/bob", "customers/anna" } });
        Assert.Equal(["Bob", "Anna"], both.Customers.Select(customer => customer.GivenName));
        await Refused(
            StatusCode.NotFound, Staff.BatchGetCustomersAsync(new() { Names = { "customers/bob", "customers/x" } }));
        await Refused(StatusCode.InvalidArgument, Staff.BatchGetCustomersAsync(new()));
        await Refused(StatusCode.InvalidArgument, Staff.BatchGetCustomersAsync(
            new() { Names = { Enumerable.Repeat("customers/bob", 101) } }));
    }

    [Fact]
    public async Task Purchases_are_listed_with_their_names()
    {
        ImportedPurchase[] two =
            [new(1, new(1997, 1, 1), 2, new(1177, "USD")), new(2, new(1997, 1, 2), 1, new(0, "USD"))];
        await shop.Grain<ICustomerGrain>("anna").ImportPurchases(new("cdnow", "US", [.. two]));
        ListPurchasesResponse listed = await Anna.ListPurchasesAsync(new() { Parent = "customers/me", PageSize = 1 });
        Assert.Equal("customers/anna/purchases/cdnow-000002", Assert.Single(listed.Purchases).Name);
        ListPurchasesResponse next = await Anna.ListPurchasesAsync(
            new() { Parent = "customers/me", PageSize = 1, PageToken = listed.NextPageToken });
        Assert.Equal(2, next.Purchases[0].Units);
        Assert.Equal(new Money(1177, "USD").ToProto(), next.Purchases[0].Amount);
        await Refused(StatusCode.NotFound, Staff.ListPurchasesAsync(new() { Parent = "customers/nobody" }));
    }

    private static async Task<RpcException> Refused<T>(StatusCode code, AsyncUnaryCall<T> call)
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal((code, refused.Status.Detail), (refused.StatusCode, refused.Status.Detail));
        return refused;
    }

    private static RpcStatus Details(RpcException refused) => RpcStatus.Parser.ParseFrom(
        refused.Trailers.GetValueBytes("grpc-status-details-bin"));

    private static ErrorInfo Info(RpcException refused) => Details(refused).Details
        .Single(detail => detail.Is(ErrorInfo.Descriptor)).Unpack<ErrorInfo>();

    private static BadRequest.Types.FieldViolation[] Violations(RpcException refused) =>
        [.. Details(refused).Details
            .Single(detail => detail.Is(BadRequest.Descriptor)).Unpack<BadRequest>().FieldViolations];

    private async Task<Customer> Create(string id, Customer customer) =>
        await Staff.CreateCustomerAsync(new() { CustomerId = id, Customer = customer });

    private async Task<Customer> Update(Customer customer, params string[] paths)
    {
        FieldMask mask = new();
        mask.Paths.AddRange(paths);
        return await Staff.UpdateCustomerAsync(new() { Customer = customer, UpdateMask = mask });
    }
}
