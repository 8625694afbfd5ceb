using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;
using Florist.Stock;
using Florist.Vouchers;
using Google.Protobuf.WellKnownTypes;
using Google.Type;
using Proto = Florist.Protos.Orders.V1;

namespace Florist.Orders;

/// <summary>Orders to messages.</summary>
internal static class OrderMessages
{
    /// <summary>An order that was placed.</summary>
    public static Proto.Order ToProto(this OrderRecord order)
    {
        Proto.Order message = ToProto(order.Draft, order.Contact, order.CustomerId, order.Terms);
        message.Name = order.Id.Name;
        message.State = (Proto.Order.Types.State)((int)order.State + 1);
        message.PaymentState = (Proto.Order.Types.PaymentState)((int)order.PaymentState + 1);
        message.CreateTime = order.CreatedAt.ToProto();
        message.UpdateTime = order.UpdatedAt.ToProto();
        message.ExpireTime = order.ExpiresAt is { } expiresAt ? expiresAt.ToProto() : null;
        message.CancelReason = order.Cancellation?.Reason ?? "";
        message.Etag = order.Etag;
        message.Payment = PaymentMessages.ToProto(order);
        message.Substitutions.AddRange(order.Substitutions.Select(one => new Proto.Substitution
        {
            Number = one.Number,
            Bouquet = $"bouquets/{one.Bouquet}",
            MissingStem = one.Missing.Value,
            SubstituteStem = one.Instead.Value,
            State = (Proto.Substitution.Types.State)((int)one.State + 1),
            AnswerTime = one.AnswerBy?.ToProto(),
        }));
        message.PendingChange = order.PendingChange is { } change
            ? new()
            {
                DeliveryDate = change.Draft.DeliveryOn.ToProto(),
                Total = change.Terms.Total.ToProto(),
                ExpireTime = change.ExpiresAt.ToProto(),
            }
            : null;
        message.Promises.AddRange(order.Promises.Promises.Select(promise => PromiseReports.ToProto(order, promise)));
        if (order.Payment.HasProblem)
        {
            message.NeedsAttention.Add(Proto.Order.Types.Attention.CheckPayment);
        }

        if (OrderRules.NeedsAttention(order))
        {
            message.NeedsAttention.Add(
            [
                Proto.Order.Types.Attention.Redeliver,
                Proto.Order.Types.Attention.Remake,
                Proto.Order.Types.Attention.Refund,
            ]);
        }

        return message;
    }

    /// <summary>What an order would be.</summary>
    public static Proto.Order ToProto(
        OrderDraft draft, DeliveryContact contact, CustomerId customer, OrderTerms terms)
    {
        Proto.Order message = new()
        {
            Customer = customer.Name,
            Recipient = draft.RecipientId is { } recipient ? recipient.Name(customer) : "",
            DeliveryContact = ToProto(contact),
            DeliveryDate = draft.DeliveryOn.ToProto(),
            DeliveryWindow = new() { StartTime = ToProto(terms.Window.Start), EndTime = ToProto(terms.Window.End) },
            Voucher = draft.Voucher is { } code ? VoucherCodes.NameOf(code) : "",
            DeliverySlot = terms.Slot.Length == 0
                ? ""
                : $"{new DayKey(terms.Shop, draft.DeliveryOn).Name}/slots/{terms.Slot}",
            CardMessage = draft.Card is { } card ? new() { Text = card.Text, Signature = card.Signature ?? "" } : null,
            SubstitutionPolicy = (Proto.SubstitutionPolicy)((int)draft.Substitution + 1),
            AbsencePolicy = new()
            {
                SafePlaceAllowed = draft.Absence.SafePlaceAllowed,
                SafePlace = draft.Absence.SafePlace ?? "",
                NeighborAllowed = draft.Absence.NeighbourAllowed,
            },
            OccasionCategory = draft.Category is { } category ? OccasionCategories.NameOf(category) : "",
            CurrencyCode = draft.Currency,
            HazardsAcknowledged = draft.HazardsAcknowledged,
            Price = ToProto(terms),
            CutoffTime = terms.CutOffAt.ToProto(),
            TimeZone = terms.TimeZone,
        };
        message.Lines.AddRange(terms.Lines.Select(line => new Proto.OrderLine
        {
            Bouquet = $"bouquets/{line.Bouquet}",
            Quantity = line.Quantity,
            Title = line.Title,
            UnitPrice = line.UnitPrice.ToProto(),
            Amount = line.Amount.ToProto(),
        }));
        return message;
    }

    private static Proto.PriceSummary ToProto(OrderTerms terms)
    {
        Proto.PriceSummary price = new()
        {
            Subtotal = terms.Subtotal().ToProto(),
            DeliveryFee = terms.DeliveryFee.ToProto(),
            Discount = terms.Discount?.ToProto(),
            Total = terms.Total.ToProto(),
        };
        price.TaxLines.AddRange(terms.Taxes.Select(tax => new Proto.TaxLine
        {
            RateBasisPoints = tax.RateBasisPoints,
            Net = (tax.Gross - tax.Tax).ToProto(),
            Tax = tax.Tax.ToProto(),
            Gross = tax.Gross.ToProto(),
        }));
        return price;
    }

    private static Proto.DeliveryContact ToProto(DeliveryContact contact) => new()
    {
        GivenName = contact.GivenName,
        FamilyName = contact.FamilyName ?? "",
        Address = contact.Address.ToProto(),
        Phone = contact.Phone ?? "",
        PlaceType = (Proto.DeliveryContact.Types.PlaceType)((int)contact.Place + 1),
        AccessNote = contact.AccessNote ?? "",
    };

    /// <summary>A civil time.</summary>
    public static TimeOfDay ToProto(TimeOnly time) => new() { Hours = time.Hour, Minutes = time.Minute };
}
