using System.Collections.Immutable;
using System.Globalization;
using Florist.Customers;
using Florist.Kernel;

namespace Florist.Tests.Simulation.Models;

/// <summary>Runs commands on a real customer and on the model side by side.</summary>
internal static class CustomerTrial
{
    private static readonly string?[] RequestIds = [null, null, "a", "b", "c"];

    public static CustomerCommand Draw(Chance chance, bool alone = true)
    {
        string? request = chance.One(RequestIds);
        string who = $"r{chance.Below(3)}";
        return chance.Below(alone ? 22 : 18) switch
        {
            < 3 => new CreateIt(request, $"N{chance.Below(3)}"),
            < 6 => new RenameIt(request, $"N{chance.Below(3)}", alone ? chance.One<int?>([null, 0, 1, 2]) : null),
            < 8 => new DeleteIt(request),
            < 10 => new UndeleteIt(request),
            < 13 => new AddSomebody(request, who, $"W{chance.Below(2)}"),
            < 15 => new RemoveSomebody(request, who),
            < 17 => new Buy($"k{chance.Below(4)}", chance.Below(2)),
            < 18 => new TakeBack($"k{chance.Below(4)}", chance.Below(2)),
            < 21 => new Sleep(chance.One([1, 5, 29, 30])),
            _ => new Die(),
        };
    }

    /// <summary>Where the real customer and the model disagree; null when they do not.</summary>
    public static string? Run(ModelHost host, IReadOnlyList<CustomerCommand> history)
    {
        host.SetTime(ModelHost.Morning);
        string key = host.NewKey();
        CustomerModel model = new();
        foreach (CustomerCommand command in history)
        {
            if (command is Die)
            {
                host.Crash();
            }
            else if (command is Sleep sleep)
            {
                host.SetTime(host.Now.AddDays(sleep.Days));
            }

            string answer = host.Do(machine => Send(machine, key, command, model, host.Now));
            (model, string expected) = model.Step(command);
            string real = Shown(host.Do(machine => machine.Grain<ICustomerGrain>(key).Get()));
            if (answer != expected || real != Shown(model))
            {
                return $"{command} answered {answer}, and {expected} by the model;\n  it is {real}\n  and by the model "
                    + Shown(model);
            }
        }

        return null;
    }

    /// <summary>Asks the real customer.</summary>
    public static async Task<string> Send(
        SimulatedMachine machine, string key, CustomerCommand command, CustomerModel model, DateTimeOffset now)
    {
        ICustomerGrain grain = machine.Grain<ICustomerGrain>(key);
        string? id = command.RequestId;
        switch (command)
        {
            case CreateIt create:
                return Word((await grain.Create(new CreateCustomer(id, Profile(create.Name)))).Fault);
            case RenameIt rename:
                return Word((await grain.Update(
                    new UpdateCustomer(id, model.EtagOf(rename), Profile(rename.Name), ["family_name"]))).Fault);
            case DeleteIt:
                return Word((await grain.Delete(new DeleteCustomer(id, null))).Fault);
            case UndeleteIt:
                return Word((await grain.Undelete(new UndeleteCustomer(id, null))).Fault);
            case AddSomebody add:
                Recipient recipient = new() { Id = new RecipientId(add.Who), GivenName = add.Name };
                return Word((await grain.AddRecipient(new AddRecipient(id, recipient))).Fault);
            case RemoveSomebody remove:
                return Word((await grain.RemoveRecipient(
                    new RemoveRecipient(id, null, new RecipientId(remove.Who)))).Fault);
            case Buy buy:
                return Word((await grain.RecordPurchase(PurchaseOf(buy.Key, buy.Minor))).Fault);
            case TakeBack back:
                return Word((await grain.WithdrawPurchase(PurchaseOf(back.Key, back.Minor))).Fault);
            case Sleep:
                await machine.Wake("customer", key, now);
                return "ok";
            default:
                return "ok";
        }
    }

    /// <summary>A refusal as the model names it.</summary>
    public static string Word(Fault? fault) => fault switch
    {
        null => "ok",
        { Kind: FaultKind.NotFound or FaultKind.Exists or FaultKind.Stale } => fault.Kind.ToString(),
        _ => $"{fault.Kind} {fault.Reason}",
    };

    /// <summary>What can be seen of a customer, and what the model says one should see.</summary>
    public static string Shown(Outcome<CustomerView> outcome)
    {
        if (outcome.Failed(out Fault? fault, out CustomerView? view))
        {
            return Word(fault);
        }

        long spend = view.Traits.Spend.Values.Sum(one => one.Minor);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{view.Revision} {view.FamilyName} deleted: {view.DeletedAt is not null}, "
            + $"{string.Join(" ", view.Recipients.Select(one => $"{one.Id}={one.GivenName}"))}, "
            + $"{view.Traits.OrderCount} for {spend} on {view.Traits.PurchaseDayCount} days");
    }

    public static string Shown(CustomerModel model)
    {
        if (!model.Exists || model.Purged)
        {
            return "NotFound";
        }

        ImmutableArray<KeyValuePair<string, (int Minor, bool Back)>> bought =
            [.. model.Purchases.Where(one => !one.Value.Back)];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{model.Revision} {model.Name} deleted: {model.DeletedOn is not null}, "
            + $"{string.Join(" ", model.Recipients.Select(one => $"{one.Key}={one.Value}"))}, "
            + $"{bought.Length} for {bought.Sum(one => one.Value.Minor)} "
            + $"on {bought.Select(one => DayOf(one.Key)).Distinct().Count()} days");
    }

    private static CustomerProfile Profile(string name) => new() { FamilyName = name };

    private static Purchase PurchaseOf(string key, int minor) => new()
    {
        Key = key,
        Day = DayOf(key),
        Units = 1,
        Amount = new Money(minor, "GBP"),
    };

    // Two of the four fall on one day.
    private static DateOnly DayOf(string key) => new(2027, 2, 1 + ((key[^1] - '0') / 2));
}
