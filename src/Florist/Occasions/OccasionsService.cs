using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using Florist.Protos.Occasions.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Orleans;
using OccasionMessage = Florist.Protos.Occasions.V1.Occasion;
using SettingsMessage = Florist.Protos.Occasions.V1.ReminderSettings;

namespace Florist.Occasions;

/// <summary>The RPCs of OccasionService: messages to commands and back.</summary>
internal sealed class OccasionsService(IGrainFactory grains, ISeal seal, TimeProvider time)
    : OccasionService.OccasionServiceBase
{
    public override async Task<OccasionMessage> CreateOccasion(CreateOccasionRequest request, ServerCallContext context)
    {
        Caller caller = Caller.Of(context);
        CustomerId customer = CustomerNames.Customer(request.Parent, "parent", caller).OrThrow();
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        checks.That(request.Occasion is not null, "occasion", "REQUIRED", "is required");
        OccasionDetails details = OccasionMessages.Read(
            request.Occasion ?? new OccasionMessage(), OccasionFields.Paths, customer, caller, checks);
        Passed(checks);
        CustomerFacts facts = await FactsOf(customer);
        AddOccasion command = new(requestId, details);
        return (await Grain(customer).Add(command, facts)).OrThrow().ToProto(customer);
    }

    public override async Task<OccasionMessage> GetOccasion(GetOccasionRequest request, ServerCallContext context)
    {
        (CustomerId customer, OccasionId id) = Named(request.Name, "name", context);
        return (await Grain(customer).Get(id)).OrThrow().ToProto(customer);
    }

    public override async Task<ListOccasionsResponse> ListOccasions(
        ListOccasionsRequest request, ServerCallContext context)
    {
        CustomerId customer = CustomerNames.Customer(request.Parent, "parent", Caller.Of(context)).OrThrow();
        FilterExpression filter = OccasionListing.Filters.Parse(request.Filter).OrThrow();
        ImmutableArray<OrderTerm> order = OccasionListing.Orders.Parse(request.OrderBy).OrThrow();
        string arguments = $"occasions\u001E{customer}\u001E{filter.ToFilterText()}\u001E{request.OrderBy}";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        await Exists(customer);
        Page<OccasionView> found = OccasionListing.Of(customer)
            .Page(await Grain(customer).List(), filter, order, page);
        ListOccasionsResponse response = new() { NextPageToken = PageRequest.Token(found.Next, arguments, seal) };
        response.Occasions.AddRange(found.Items.Select(view => view.ToProto(customer)));
        return response;
    }

    public override async Task<OccasionMessage> UpdateOccasion(UpdateOccasionRequest request, ServerCallContext context)
    {
        OccasionMessage sent = request.Occasion ?? new OccasionMessage();
        (CustomerId customer, OccasionId id) = Named(sent.Name, "occasion.name", context);
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        ImmutableArray<string> paths = OccasionMessages.Paths(request.UpdateMask, sent, checks);
        OccasionDetails values = OccasionMessages.Read(sent, paths, customer, Caller.Of(context), checks);
        Passed(checks);
        CustomerFacts facts = await FactsOf(customer);
        ChangeOccasion command = new(requestId, id, OrNull(sent.Etag), values, paths);
        return (await Grain(customer).Change(command, facts)).OrThrow().ToProto(customer);
    }

    public override async Task<Empty> DeleteOccasion(DeleteOccasionRequest request, ServerCallContext context)
    {
        (CustomerId customer, OccasionId id) = Named(request.Name, "name", context);
        RemoveOccasion command = new(RequestId(request.RequestId), id, OrNull(request.Etag));
        (await Grain(customer).Remove(command)).OrThrow();
        return new Empty();
    }

    public override async Task<OccasionMessage> MuteOccasion(MuteOccasionRequest request, ServerCallContext context)
    {
        (CustomerId customer, OccasionId id) = Named(request.Name, "name", context);
        MuteOccasion command = new(RequestId(request.RequestId), id, OrNull(request.Etag));
        return (await Grain(customer).Mute(command)).OrThrow().ToProto(customer);
    }

    public override async Task<OccasionMessage> UnmuteOccasion(UnmuteOccasionRequest request, ServerCallContext context)
    {
        (CustomerId customer, OccasionId id) = Named(request.Name, "name", context);
        UnmuteOccasion command = new(RequestId(request.RequestId), id, OrNull(request.Etag));
        return (await Grain(customer).Unmute(command)).OrThrow().ToProto(customer);
    }

    public override async Task<ListUpcomingRemindersResponse> ListUpcomingReminders(
        ListUpcomingRemindersRequest request, ServerCallContext context)
    {
        CustomerId customer = CustomerNames.Customer(request.Parent, "parent", Caller.Of(context)).OrThrow();
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset until = UpcomingReminders.Until(request.EndTime?.ToDateTimeOffset(), now).OrThrow();

        // Not the instant itself, which is another one with every page when the caller names none.
        string arguments = $"upcomingReminders\u001E{customer}\u001E{request.EndTime}";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        await Exists(customer);
        Page<UpcomingReminder> found = await Grain(customer).Upcoming(until, page);
        ListUpcomingRemindersResponse response =
            new() { NextPageToken = PageRequest.Token(found.Next, arguments, seal) };
        response.UpcomingReminders.AddRange(found.Items.Select(reminder => reminder.ToProto(customer)));
        return response;
    }

    public override async Task<SettingsMessage> GetReminderSettings(
        GetReminderSettingsRequest request, ServerCallContext context)
    {
        CustomerId customer = OccasionMessages.SettingsOf(request.Name, "name", Caller.Of(context)).OrThrow();
        await Exists(customer);
        return (await Grain(customer).Settings()).ToProto(customer);
    }

    public override async Task<SettingsMessage> UpdateReminderSettings(
        UpdateReminderSettingsRequest request, ServerCallContext context)
    {
        SettingsMessage sent = request.ReminderSettings ?? new SettingsMessage();
        CustomerId customer =
            OccasionMessages.SettingsOf(sent.Name, "reminder_settings.name", Caller.Of(context)).OrThrow();
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        ImmutableArray<string> paths = FieldMasks.Paths(request.UpdateMask, sent, ["lead_days"], checks);
        Passed(checks);
        await FactsOf(customer);
        if (paths.IsEmpty)
        {
            return (await Grain(customer).Settings()).ToProto(customer);
        }

        ChangeReminderSettings command = new(requestId, OrNull(sent.Etag), [.. sent.LeadDays]);
        return (await Grain(customer).ChangeSettings(command)).OrThrow().ToProto(customer);
    }

    private static (CustomerId Customer, OccasionId Id) Named(string name, string field, ServerCallContext context)
    {
        CustomerChild child = CustomerNames.Child(name, "occasions", field, Caller.Of(context)).OrThrow();
        return (child.Customer, new OccasionId(child.Id));
    }

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

    private IOccasionsGrain Grain(CustomerId customer) => grains.GetGrain<IOccasionsGrain>(customer.Value);

    private async Task Exists(CustomerId customer) =>
        (await grains.GetGrain<ICustomerGrain>(customer.Value).Get()).OrThrow();

    private async Task<CustomerFacts> FactsOf(CustomerId customer)
    {
        CustomerView view = (await grains.GetGrain<ICustomerGrain>(customer.Value).Get()).OrThrow();
        return CustomerFacts.Of(view).Undeleted(view.Id).OrThrow();
    }
}
