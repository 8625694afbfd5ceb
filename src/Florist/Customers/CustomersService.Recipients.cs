using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Protos.Customers.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using RecipientMessage = Florist.Protos.Customers.V1.Recipient;

namespace Florist.Customers;

/// <content>The RPCs on what belongs to a customer.</content>
internal sealed partial class CustomersService
{
    private const string Recipients = "recipients";

    public override async Task<RecipientMessage> CreateRecipient(
        CreateRecipientRequest request, ServerCallContext context)
    {
        Caller caller = Caller.Of(context);
        CustomerId customer = CustomerNames.Customer(request.Parent, "parent", caller).OrThrow();
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        string? chosen = checks.ChosenId("recipient_id", request.RecipientId);
        checks.That(request.Recipient is not null, "recipient", "REQUIRED", "is required");
        RecipientId id = new(chosen ?? (requestId is null
            ? ids.Next()
            : ids.Derived(caller.Principal, $"{customer.Name}/{Recipients}", requestId)));
        Recipient recipient = RecipientMessages.Read(request.Recipient ?? new RecipientMessage(), id, checks);
        Passed(checks);
        AddRecipient command = new(requestId, recipient);
        return (await Grain(customer).AddRecipient(command)).OrThrow().ToProto(customer);
    }

    public override async Task<RecipientMessage> GetRecipient(GetRecipientRequest request, ServerCallContext context)
    {
        CustomerChild named = CustomerNames.Child(request.Name, Recipients, "name", Caller.Of(context)).OrThrow();
        RecipientId id = new(named.Id);
        return (await Grain(named.Customer).Get())
            .Then<Recipient>(view =>
                view.RecipientOf(id) is { } found ? found : Fault.NotFound(id.Name(named.Customer)))
            .OrThrow().ToProto(named.Customer);
    }

    public override async Task<RecipientMessage> UpdateRecipient(
        UpdateRecipientRequest request, ServerCallContext context)
    {
        RecipientMessage sent = request.Recipient ?? new RecipientMessage();
        CustomerChild named =
            CustomerNames.Child(sent.Name, Recipients, "recipient.name", Caller.Of(context)).OrThrow();
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        ImmutableArray<string> paths = FieldMasks.Paths(request.UpdateMask, sent, RecipientPaths.All, checks);
        Recipient values = RecipientMessages.Read(FieldMasks.Only(sent, paths), new RecipientId(named.Id), checks);
        Passed(checks);
        ChangeRecipient command = new(requestId, OrNull(sent.Etag), values, paths);
        return (await Grain(named.Customer).ChangeRecipient(command)).OrThrow().ToProto(named.Customer);
    }

    public override async Task<Empty> DeleteRecipient(DeleteRecipientRequest request, ServerCallContext context)
    {
        CustomerChild named = CustomerNames.Child(request.Name, Recipients, "name", Caller.Of(context)).OrThrow();
        RemoveRecipient command = new(RequestId(request.RequestId), OrNull(request.Etag), new RecipientId(named.Id));
        (await Grain(named.Customer).RemoveRecipient(command)).OrThrow();
        return new Empty();
    }

    public override async Task<ListRecipientsResponse> ListRecipients(
        ListRecipientsRequest request, ServerCallContext context)
    {
        CustomerId customer = CustomerNames.Customer(request.Parent, "parent", Caller.Of(context)).OrThrow();
        string arguments = $"{customer.Name}/{Recipients}";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        CustomerView view = (await Grain(customer).Get()).OrThrow();
        ImmutableArray<Recipient> rest = [.. view.Recipients.SkipWhile(recipient =>
            page.After is not null && string.CompareOrdinal(recipient.Id.Value, page.After) <= 0)];
        ListRecipientsResponse response = new();
        response.Recipients.AddRange(rest.Take(page.Size).Select(recipient => recipient.ToProto(customer)));
        string? next = rest.Length > page.Size ? rest[page.Size - 1].Id.Value : null;
        response.NextPageToken = PageRequest.Token(next, arguments, seal);
        return response;
    }

    public override async Task<ListPurchasesResponse> ListPurchases(
        ListPurchasesRequest request, ServerCallContext context)
    {
        CustomerId customer = CustomerNames.Customer(request.Parent, "parent", Caller.Of(context)).OrThrow();
        string arguments = $"{customer.Name}/purchases";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        Page<Purchase> found = (await Grain(customer).Purchases(page)).OrThrow();
        ListPurchasesResponse response = new() { NextPageToken = PageRequest.Token(found.Next, arguments, seal) };
        response.Purchases.AddRange(found.Items.Select(purchase => purchase.ToProto(customer)));
        return response;
    }
}
