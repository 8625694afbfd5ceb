using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>Whether an order may be changed, and what it then costs. Pure.</summary>
internal static class OrderChanges
{
    /// <summary>Why this caller may not change the order now; null when they may.</summary>
    public static Fault? Refusal(OrderRecord order, ChangeOrder command, DateTimeOffset now)
    {
        if (OrderSteps.Wrong(order, command.Etag, OrderState.Confirmed) is { } wrong)
        {
            return wrong;
        }

        if (!OrderAmendments.CanStillChange(order))
        {
            return Fault.Refused("ALREADY_COLLECTED", "the flowers are with the courier").With("name", order.Id.Name);
        }

        if (order.PendingChange is { } pending)
        {
            return Fault.Refused("CHANGE_PENDING", "an earlier change waits for its payment")
                .With("expireTime", $"{pending.ExpiresAt:O}");
        }

        return !command.ByStaff && now >= order.Terms.CutOffAt
            ? Fault.Refused("PAST_CUT_OFF", $"{order.Id.Name} could be changed until {order.Terms.CutOffAt:u}")
                .With("name", order.Id.Name).With("cutoffTime", $"{order.Terms.CutOffAt:O}")
            : null;
    }

    /// <summary>True when the change touches what is promised: day, window, flowers or place.</summary>
    public static bool TouchesTerms(OrderRecord order, ChangeOrder command) =>
        order.Draft.DeliveryOn != command.Draft.DeliveryOn
        || order.Terms.Window != (command.Draft.Window ?? order.Terms.Window)
        || order.Draft.Slot != command.Draft.Slot
        || !order.Draft.Lines.SequenceEqual(command.Draft.Lines)
        || FloristJson.Write(order.Contact) != FloristJson.Write(command.Context.Contact);

    /// <summary>
    /// New terms at the prices that were promised: what is still among the lines costs what it did, and what is new
    /// costs what it does now.
    /// </summary>
    public static OrderTerms AtPromisedPrices(OrderTerms old, OrderTerms priced)
    {
        ImmutableArray<PricedLine> lines =
        [
            .. priced.Lines.Select(line =>
                old.Lines.FirstOrDefault(known => known.Bouquet == line.Bouquet) is { } known
                    ? known with { Quantity = line.Quantity }
                    : line),
        ];
        Money total = lines.Aggregate(priced.DeliveryFee, (sum, line) => sum + line.Amount);
        return priced with
        {
            Lines = lines,
            Total = total,
            Taxes = [.. priced.Taxes.Take(1).Select(tax => TaxLine.Of(tax.RateBasisPoints, total))],
        };
    }
}
