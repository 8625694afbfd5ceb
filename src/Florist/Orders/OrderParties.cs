using Florist.Customers;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>What a customer's record says about the parties of an order. Pure.</summary>
internal static class OrderParties
{
    /// <summary>The parties of a draft; a fault when the customer is deleted or the recipient has no address.</summary>
    public static Outcome<OrderContext> Of(OrderDraft draft, CustomerView customer)
    {
        if (customer.DeletedAt is not null)
        {
            return Fault.Refused("CUSTOMER_DELETED", $"{customer.Id.Name} is deleted").With("name", customer.Id.Name);
        }

        Recipient? recipient = draft.RecipientId is { } id ? customer.RecipientOf(id) : null;
        if (draft.RecipientId is { } named && recipient is null)
        {
            return Fault.NotFound(named.Name(customer.Id));
        }

        return Contact(draft, recipient).Then<OrderContext>(contact => new OrderContext
        {
            CustomerId = customer.Id,
            LanguageCode = customer.LanguageCode,
            Contact = contact,
            HasCats = recipient?.HasCats ?? false,
            HasDogs = recipient?.HasDogs ?? false,
            Allergies = recipient?.Allergies ?? [],
            DislikedStems = recipient?.DislikedStems ?? [],
        });
    }

    private static Outcome<DeliveryContact> Contact(OrderDraft draft, Recipient? recipient)
    {
        if (draft.Contact is { } contact)
        {
            return contact;
        }

        if (recipient?.Address is not { } address)
        {
            return Fault.Invalid("order.delivery_contact", "REQUIRED", "the recipient has no address: say where to");
        }

        FieldChecks checks = new();
        DeliveryAddress.Check(address, "order.delivery_contact.address", checks);
        return checks.Fault is { } fault
            ? fault
            : new DeliveryContact
            {
                GivenName = recipient.GivenName,
                FamilyName = recipient.FamilyName.Length == 0 ? null : recipient.FamilyName,
                Address = address,
                Phone = recipient.Phone,
            };
    }
}
