using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Protos.Customers.V1;
using Grpc.Core;
using Orleans;
using Customer = Florist.Protos.Customers.V1.Customer;

namespace Florist.Customers;

/// <summary>
/// The RPCs of CustomerService: messages to commands and back. Recipients and purchases are in the other part.
/// </summary>
internal sealed partial class CustomersService(IGrainFactory grains, ICustomerQueries queries, IIds ids, ISeal seal)
    : CustomerService.CustomerServiceBase
{
    private const int BatchMax = 100;

    public override async Task<Customer> CreateCustomer(CreateCustomerRequest request, ServerCallContext context)
    {
        Caller caller = Caller.Of(context);
        Permit(request.CustomerId.Length > 0 ? caller.Reaches(request.CustomerId) : caller.IsInternal).OrThrow();
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        string? chosen = checks.ChosenId("customer_id", request.CustomerId);
        checks.That(chosen is not "me", "customer_id", "ID_INVALID", "me stands for the calling customer");
        checks.That(request.Customer is not null, "customer", "REQUIRED", "is required");
        CustomerProfile profile = CustomerMessages.Read(request.Customer ?? new Customer(), checks);
        Passed(checks);
        string id = chosen
            ?? (requestId is null ? ids.Next() : ids.Derived(caller.Principal, "customers", requestId));
        return (await Grain(new CustomerId(id)).Create(new CreateCustomer(requestId, profile))).OrThrow().ToProto();
    }

    public override async Task<Customer> GetCustomer(GetCustomerRequest request, ServerCallContext context)
    {
        CustomerId id = CustomerNames.Customer(request.Name, "name", Caller.Of(context)).OrThrow();
        return (await Grain(id).Get()).OrThrow().ToProto();
    }

    public override async Task<Customer> UpdateCustomer(UpdateCustomerRequest request, ServerCallContext context)
    {
        Customer sent = request.Customer ?? new Customer();
        CustomerId id = CustomerNames.Customer(sent.Name, "customer.name", Caller.Of(context)).OrThrow();
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        ImmutableArray<string> paths = FieldMasks.Paths(request.UpdateMask, sent, ProfilePaths.All, checks);
        CustomerProfile values = CustomerMessages.Read(FieldMasks.Only(sent, paths), checks);
        Passed(checks);
        UpdateCustomer command = new(requestId, OrNull(sent.Etag), values, paths);
        return (await Grain(id).Update(command)).OrThrow().ToProto();
    }

    public override async Task<Customer> DeleteCustomer(DeleteCustomerRequest request, ServerCallContext context)
    {
        CustomerId id = CustomerNames.Customer(request.Name, "name", Caller.Of(context)).OrThrow();
        DeleteCustomer command = new(RequestId(request.RequestId), OrNull(request.Etag));
        return (await Grain(id).Delete(command)).OrThrow().ToProto();
    }

    public override async Task<Customer> UndeleteCustomer(UndeleteCustomerRequest request, ServerCallContext context)
    {
        CustomerId id = CustomerNames.Customer(request.Name, "name", Caller.Of(context)).OrThrow();
        UndeleteCustomer command = new(RequestId(request.RequestId), OrNull(request.Etag));
        return (await Grain(id).Undelete(command)).OrThrow().ToProto();
    }

    public override async Task<ListCustomersResponse> ListCustomers(
        ListCustomersRequest request, ServerCallContext context)
    {
        Permit(Caller.Of(context).IsInternal).OrThrow();
        FilterExpression filter = CustomerListing.Filters.Parse(request.Filter).OrThrow();
        ImmutableArray<OrderTerm> order = CustomerListing.Orders.Parse(request.OrderBy).OrThrow();
        CustomerQuery query = new(filter, order, request.ShowDeleted);
        string arguments = Arguments(query);
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        Page<CustomerView> found = await queries.List(query, page, context.CancellationToken);
        ListCustomersResponse response = new() { NextPageToken = PageRequest.Token(found.Next, arguments, seal) };
        response.Customers.AddRange(found.Items.Select(view => view.ToProto()));
        return response;
    }

    public override async Task<BatchGetCustomersResponse> BatchGetCustomers(
        BatchGetCustomersRequest request, ServerCallContext context)
    {
        Caller caller = Caller.Of(context);
        Permit(caller.IsInternal).OrThrow();
        FieldChecks checks = new();
        checks.That(request.Names.Count > 0, "names", "REQUIRED", "is required");
        checks.That(request.Names.Count <= BatchMax, "names", "TOO_MANY", $"more than {BatchMax} names");
        Passed(checks);
        ImmutableArray<CustomerId> named =
            [.. request.Names.Select((name, i) => CustomerNames.Customer(name, $"names[{i}]", caller).OrThrow())];
        Outcome<CustomerView>[] views = await Task.WhenAll(named.Select(id => Grain(id).Get()));
        BatchGetCustomersResponse response = new();
        response.Customers.AddRange(views.Select(view => view.OrThrow().ToProto()));
        return response;
    }

    private static string Arguments(CustomerQuery query)
    {
        string order = string.Join(',', query.Order.Select(term => $"{term.Field} {term.IsDescending}"));
        return $"customers\u001E{query.Filter.ToFilterText()}\u001E{order}\u001E{query.ShowDeleted}";
    }

    private static Outcome<Done> Permit(bool may) =>
        may ? Done.Value : Fault.Denied("the caller may not do this");

    private static string? RequestId(string value)
    {
        FieldChecks checks = new();
        string? requestId = checks.RequestId(value);
        Passed(checks);
        return requestId;
    }

    private static void Passed(FieldChecks checks)
    {
        if (checks.Fault is { } fault)
        {
            throw fault.ToException();
        }
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;

    private ICustomerGrain Grain(CustomerId id) => grains.GetGrain<ICustomerGrain>(id.Value);
}
