using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Orders;

namespace Florist.Tests.Simulation.Models;

/// <summary>Runs commands on a real order and on the model side by side.</summary>
internal static class OrderTrial
{
    private static readonly string?[] RequestIds = [null, null, "a", "b", "c"];
    private static readonly DeliveryId First = new("d1");
    private static readonly DeliveryActor Dispatcher = new(DeliveryRole.Dispatcher, "staff:dana");

    private static readonly DeliveryState[] Tellable =
    [
        DeliveryState.OutForDelivery, DeliveryState.OutForDelivery, DeliveryState.Arrived, DeliveryState.AttemptFailed,
        DeliveryState.Returning, DeliveryState.Delivered, DeliveryState.Returned, DeliveryState.Failed,
    ];

    private static readonly BouquetId Bouquet =
        SimulatedMachine.Bouquets.Bouquets.First(one => one.Months.Contains(ModelHost.Morning.Month)).Id;

    /// <summary>At the day's cut-off the customer's time to cancel is over; the order is for the same day.</summary>
    public static OrderModel Begin => new() { CutOff = 5 * 60, FreshUntil = (9 + 18) * 60 };

    public static OrderCommand Draw(Chance chance, bool alone = true)
    {
        string? request = chance.One(RequestIds);
        return chance.Below(alone ? 32 : 15) switch
        {
            < 3 => new PlaceIt(request, chance.Between(1, 2)),
            < 6 => new SettleIt(chance.Percent(80)),
            < 8 => new CancelIt(request, chance.Percent(50)),
            < 12 => new AssignIt(request, chance.One(["swift", "rapid"])),
            < 14 => new UnassignIt(request),
            < 15 => new RecallIt(request),
            < 17 => new ReattemptIt(request),
            < 28 => new TellIt(
                $"e{chance.Below(12)}", chance.One(Tellable), chance.One([0, 0, 0, 0, 0, 1, -1]), chance.Between(1, 2)),
            < 31 => new PassTime(chance.One([1, 5, 10, 60, 300, 1500])),
            _ => new LosePower(),
        };
    }

    /// <summary>Where the real order and the model disagree; null when they do not.</summary>
    public static string? Run(ModelHost host, IReadOnlyList<OrderCommand> history)
    {
        host.SetTime(ModelHost.Morning);
        string key = host.NewKey();
        OrderModel model = Begin;
        OrderRecord? before = null;
        foreach (OrderCommand command in history)
        {
            if (command is LosePower)
            {
                host.Crash();
            }
            else if (command is PassTime pass)
            {
                host.SetTime(host.Now.AddMinutes(pass.Minutes));
            }

            string answer = host.Do(machine => Send(machine, key, command, before, host.Now));
            OrderRecord? after = host.Do(machine => machine.Grain<IOrderGrain>(key).Get()).Value;
            (OrderModel next, string? expected) = model.Step(command);
            model = expected is null ? Told(next, after) : next;
            string? strange = expected is null && command is TellIt tell ? Strange(tell, answer, before, after) : null;
            strange ??= expected is not null && answer != expected ? $"answered {answer}, not {expected}" : null;
            strange ??= Shown(after) != Shown(model) ? "became something else" : null;
            if (strange is not null)
            {
                return $"{command} {strange};\n  it is {Shown(after)}\n  and by the model {Shown(model)}";
            }

            before = after;
        }

        return null;
    }

    /// <summary>Asks the real order.</summary>
    public static async Task<string> Send(
        SimulatedMachine machine, string key, OrderCommand command, OrderRecord? before, DateTimeOffset now)
    {
        IOrderGrain order = machine.Grain<IOrderGrain>(key);
        IDeliveryGrain delivery = machine.Grain<IDeliveryGrain>(key);
        string? id = command.RequestId;
        switch (command)
        {
            case PlaceIt place:
                return CustomerTrial.Word((await order.Place(Order(id, key, place.Quantity))).Fault);
            case SettleIt settle:
                return CustomerTrial.Word((await order.Settle(new(settle.Authorized, "pay_1"))).Fault);
            case CancelIt cancel:
                return CustomerTrial.Word((await order.Cancel(new(id, null, "somebody", cancel.ByStaff, null))).Fault);
            case AssignIt assign:
                AssignDelivery assigned = new(id, First, Dispatcher, new CourierId(assign.Courier), null);
                return CustomerTrial.Word((await delivery.Assign(assigned)).Fault);
            case UnassignIt:
                return CustomerTrial.Word((await delivery.Unassign(new(id, First, Dispatcher, null, null))).Fault);
            case RecallIt:
                RecallDelivery recall = new(id, First, Dispatcher, FailureReason.Weather, null, null);
                return CustomerTrial.Word((await delivery.Recall(recall)).Fault);
            case ReattemptIt:
                return CustomerTrial.Word((await delivery.Reattempt(new(id, First, Dispatcher, null))).Fault);
            case TellIt tell:
                Outcome<ReportAnswer> told = await delivery.Report(Report(tell, before, now));
                return told.Value?.Disposition.ToString() ?? CustomerTrial.Word(told.Fault);
            case PassTime:
                await machine.Wake("order", key, now);
                return "ok";
            default:
                return "ok";
        }
    }

    public static string Shown(OrderRecord? order) => order is null
        ? "nothing"
        : Text(order.State, order.PaymentState, order.CurrentDelivery?.State, order.CurrentDelivery?.Leg ?? 0,
            order.CurrentDelivery?.LegOpen ?? false, order.CurrentDelivery?.Attempt ?? 0);

    public static string Shown(OrderModel model) => model.State is { } state
        ? Text(state, model.Payment, model.Delivery, model.Leg, model.LegOpen, model.Attempt)
        : "nothing";

    private static string Text(
        OrderState state, PaymentState payment, DeliveryState? delivery, int leg, bool open, int attempt) =>
        $"{state} {payment} {delivery} leg {leg} {(open ? "open" : "closed")} attempt {attempt}";

    /// <summary>A courier's word is decided by rules that have tests of their own; here the model follows.</summary>
    private static OrderModel Told(OrderModel model, OrderRecord? after) => after?.CurrentDelivery is { } delivery
        ? (model with { Delivery = delivery.State, Attempt = delivery.Attempt, LegOpen = delivery.LegOpen }).Followed()
        : model;

    /// <summary>What must not come of a report; null when it did not.</summary>
    private static string? Strange(TellIt tell, string answer, OrderRecord? before, OrderRecord? after)
    {
        if (before?.CurrentDelivery is not { } was || after?.CurrentDelivery is not { } now)
        {
            return answer is "NotFound" or nameof(Disposition.Rejected) ? null : $"was {answer} by no delivery";
        }

        bool isMoved = (was.State, was.Attempt) != (now.State, now.Attempt);
        if (isMoved && (now.State, now.Attempt) != (tell.State, tell.Attempt))
        {
            return $"({answer}) moved the delivery somewhere else";
        }

        bool isPresent = LegOf(tell, was.Leg) == was.Leg && was.LegOpen;
        if (isMoved && (!isPresent || (was.State.IsTerminal() && answer != nameof(Disposition.Applied))))
        {
            return $"({answer}) moved a delivery that it could not move";
        }

        int attempt = was.Attempt + 1;
        bool isLegal = DeliveryTransitions.All.Any(move => move.From == was.State && move.To == tell.State
            && (move.By & DeliveryRole.Courier) != 0 && tell.Attempt == (move.NextAttempt ? attempt : was.Attempt));
        bool isNew = answer is not (nameof(Disposition.Duplicate) or nameof(Disposition.Rejected));
        return isPresent && isLegal && isNew && !isMoved ? $"({answer}) was legal and moved nothing" : null;
    }

    private static int LegOf(TellIt tell, int legs) => Math.Max(1, legs - tell.LegsBack);

    private static CourierReport Report(TellIt tell, OrderRecord? before, DateTimeOffset now)
    {
        ImmutableArray<CourierId> couriers = before?.CurrentDelivery?.LegCouriers ?? [];
        int leg = LegOf(tell, couriers.Length);
        return new CourierReport
        {
            Courier = leg <= couriers.Length ? couriers[leg - 1] : new CourierId("swift"),
            EventId = tell.EventId,
            Delivery = First,
            Leg = leg,
            Attempt = tell.Attempt,
            OccurTime = now,
            State = new StateReport
            {
                State = tell.State,
                FailureReason = tell.State switch
                {
                    DeliveryState.AttemptFailed or DeliveryState.Returning => FailureReason.RecipientNotHome,
                    DeliveryState.Failed => FailureReason.Lost,
                    _ => null,
                },
            },
        };
    }

    private static PlaceOrder Order(string? requestId, string key, int quantity) => new(
        requestId,
        new OrderId(key),
        new OrderDraft
        {
            Contact = new DeliveryContact { GivenName = "Mary", Address = OrderLife.Home },
            Lines = [new(Bouquet, quantity)],
            DeliveryOn = DateOnly.FromDateTime(ModelHost.Morning.UtcDateTime),
            Currency = "GBP",
            HazardsAcknowledged = true,
        },
        new OrderContext
        {
            CustomerId = new CustomerId("anna"),
            LanguageCode = "en-GB",
            Contact = new DeliveryContact { GivenName = "Mary", Address = OrderLife.Home },
        },
        null,
        "tok_ok");
}
