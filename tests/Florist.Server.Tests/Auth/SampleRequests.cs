using System.Collections;
using System.Collections.Frozen;
using Florist.Protos.Customers.V1;
using Florist.Protos.Orders.V1;
using Florist.Server.Tests.Testing;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Florist.Server.Tests.Auth;

/// <summary>Requests that name what is Anna's, made by what the contract says of their fields.</summary>
internal sealed class SampleRequests
{
    private const string Anna = "customers/anna";
    private readonly FrozenDictionary<string, string> _names;

    private readonly string _trackingToken;

    private SampleRequests(string order, string trackingToken)
    {
        _trackingToken = trackingToken;
        _names = new Dictionary<string, string>
        {
            ["florist/Customer"] = Anna,
            ["florist/Recipient"] = $"{Anna}/recipients/mum",
            ["florist/Order"] = order,
            ["florist/Delivery"] = $"{order}/deliveries/d1",
            ["florist/ProofImage"] = $"{order}/deliveries/d1/proofImages/20300101-{new string('a', 64)}",
            ["florist/TrackingLink"] = $"{order}/trackingLinks/l2",
            ["florist/Receipt"] = "shops/main/receipts/2026-000001",
            ["florist/CardSheet"] = $"{order}/cardSheet",
            ["florist/BenchItem"] = "shops/main/days/2026-06-12/benchItems/o1",
            ["florist/Courier"] = "couriers/velo",
            ["florist/CourierKey"] = "couriers/velo/keys/k1",
            ["florist/Bouquet"] = "bouquets/dozen-red-roses",
            ["florist/Voucher"] = "vouchers/SPRING20",
            ["florist/DeliveryDay"] = "shops/main/days/2026-06-12",
            ["florist/Occasion"] = $"{Anna}/occasions/birthday",
            ["florist/ReminderSettings"] = $"{Anna}/reminderSettings",
            ["florist/ParkedItem"] = "parkedItems/wake-b3JkZXIvMA",
            ["florist/SendPause"] = "sendPauses/everything",
            ["florist/Message"] = $"{Anna}/messages/0123456789abcdefghjkme",
        }.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Registers Anna, places an order of hers and gives it to the courier velo.</summary>
    public static async Task<SampleRequests> OfAnna(Uri server)
    {
        using StaffDesk staff = new(server);
        await staff.Clients.Customers.CreateCustomerAsync(
            new CreateCustomerRequest { CustomerId = "anna", Customer = new() { GivenName = "Anna" } },
            staff.Clients.Staff);
        DateOnly day = await staff.FirstOpenDay();
        Order order = await staff.Clients.Orders.CreateOrderAsync(
            new CreateOrderRequest
            {
                PaymentToken = "tok_visa",
                Order = new()
                {
                    Customer = Anna,
                    Lines = { new OrderLine { Bouquet = "bouquets/dozen-red-roses", Quantity = 1 } },
                    DeliveryDate = new() { Year = day.Year, Month = day.Month, Day = day.Day },
                    CurrencyCode = "GBP",
                    DeliveryContact = new()
                    {
                        GivenName = "Rose",
                        Address = new()
                        {
                            RegionCode = "GB",
                            PostalCode = "BS1 4DJ",
                            Locality = "Bristol",
                            AddressLines = { "1 Quay Street" },
                        },
                    },
                },
            },
            staff.Clients.Staff);
        await staff.Dispatch(order.Name, "couriers/velo");
        TrackingLink link = await staff.Clients.Orders.CreateTrackingLinkAsync(
            new CreateTrackingLinkRequest { Parent = order.Name }, staff.Clients.Staff);
        return new SampleRequests(order.Name, link.TrackingToken);
    }

    /// <summary>A request of the method.</summary>
    public IMessage For(MethodDescriptor method) => Fill(method.InputType, isRequest: true);

    private IMessage Fill(MessageDescriptor type, bool isRequest)
    {
        IMessage message = (IMessage?)Activator.CreateInstance(type.ClrType)
            ?? throw new InvalidOperationException($"{type.FullName} cannot be made");
        foreach (FieldDescriptor field in type.Fields.InDeclarationOrder())
        {
            bool taken = field.ContainingOneof?.Accessor.GetCaseFieldDescriptor(message) is not null;
            object? value = taken ? null : Value(field, isRequest);
            if (value is not null && field.IsRepeated)
            {
                ((IList)field.Accessor.GetValue(message)).Add(value);
            }
            else if (value is not null)
            {
                field.Accessor.SetValue(message, value);
            }
        }

        return message;
    }

    // Names and ids of what is Anna's, and in a request the resource itself.
    private object? Value(FieldDescriptor field, bool isRequest)
    {
        if (field.FieldType == FieldType.Message)
        {
            bool isOurs = field.MessageType.File.Package.StartsWith("florist.", StringComparison.Ordinal);
            return isRequest && isOurs && !field.IsRepeated ? Fill(field.MessageType, isRequest: false) : null;
        }

        if (field.GetOptions()?.GetExtension(ResourceExtensions.ResourceReference) is { } reference)
        {
            return reference.Type.Length > 0 ? NameOf(reference.Type) : ParentOf(reference.ChildType);
        }

        if (field.Name == "tracking_token")
        {
            return _trackingToken;
        }

        if (field.Name == "customer_id")
        {
            return Anna.Split('/')[^1];
        }

        return field.Name == "name"
            && field.ContainingType.GetOptions()?.GetExtension(ResourceExtensions.Resource) is { } resource
                ? NameOf(resource.Type)
                : null;
    }

    private string NameOf(string type) => _names.TryGetValue(type, out string? name)
        ? name
        : throw new InvalidOperationException($"there is no sample of {type}");

    private string ParentOf(string child) => child == "florist/RejectedUpdate"
        ? NameOf("florist/Courier")
        : child == "florist/Purchase" ? Anna : string.Join('/', NameOf(child).Split('/')[..^2]);
}
