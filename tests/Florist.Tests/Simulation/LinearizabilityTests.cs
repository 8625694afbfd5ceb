using System.Collections.Immutable;
using Florist.Customers;
using Florist.Orders;
using Florist.Tests.Simulation.Models;

namespace Florist.Tests.Simulation;

/// <summary>Several clients at once see one grain as if one after another had come.</summary>
public sealed class LinearizabilityTests
{
    private const int Clients = 3;
    private const int CommandsOfOne = 4;
    private const int RunsInShort = 120;

    [Fact]
    public void Clients_of_one_customer_at_once_are_told_what_some_order_explains() => Customers(1, RunsInShort);

    [Fact]
    public void Clients_of_one_order_at_once_are_told_what_some_order_explains() => Orders(1, RunsInShort);

    [Fact(Explicit = true)]
    public void Ten_thousand_runs_of_each_are_explained()
    {
        Customers(2, 10_000);
        Orders(2, 10_000);
    }

    [Fact]
    public void What_no_order_explains_is_found()
    {
        CustomerModel nobody = new();
        ImmutableArray<ImmutableArray<Told<CustomerCommand>>> twice =
            [[new(new CreateIt(null, "N0"), "ok")], [new(new CreateIt(null, "N1"), "ok")]];
        ImmutableArray<ImmutableArray<Told<CustomerCommand>>> once =
            [[new(new CreateIt(null, "N0"), "Exists")], [new(new CreateIt(null, "N1"), "ok")]];

        Assert.False(Interleavings.Explain(twice, nobody, (model, command) => model.Step(command), _ => true));
        Assert.True(Interleavings.Explain(
            once, nobody, (model, command) => model.Step(command), model => model.Name == "N1"));
        Assert.False(Interleavings.Explain(
            once, nobody, (model, command) => model.Step(command), model => model.Name == "N0"));
    }

    private static void Customers(int seed, int runs)
    {
        using ModelHost host = new(seed, dropped: 0.2);
        Chance chance = new(seed);
        for (int run = 0; run < runs; run++)
        {
            string key = host.NewKey();
            host.SetTime(ModelHost.Morning);
            ImmutableArray<ImmutableArray<CustomerCommand>> wanted =
                Draw(() => CustomerTrial.Draw(chance, alone: false), new CreateIt(null, "N0"));
            var told = AtOnce(host, wanted, (machine, command) =>
                CustomerTrial.Send(machine, key, command, new CustomerModel(), host.Now));
            string end = CustomerTrial.Shown(host.Do(machine => machine.Grain<ICustomerGrain>(key).Get()));
            bool isExplained = Interleavings.Explain(
                told,
                new CustomerModel(),
                (model, command) => model.Step(command),
                model => CustomerTrial.Shown(model) == end);
            Assert.True(isExplained, $"seed {seed}, run {run}: {end}\n{Text(told)}");
        }
    }

    private static void Orders(int seed, int runs)
    {
        using ModelHost host = new(seed, dropped: 0.2);
        Chance chance = new(seed);
        for (int run = 0; run < runs; run++)
        {
            string key = host.NewKey();
            host.SetTime(ModelHost.Morning);
            ImmutableArray<ImmutableArray<OrderCommand>> wanted =
                Draw(() => OrderTrial.Draw(chance, alone: false), new PlaceIt(null, 1));
            var told = AtOnce(host, wanted, (machine, command) =>
                OrderTrial.Send(machine, key, command, null, host.Now));
            string end = OrderTrial.Shown(host.Do(machine => machine.Grain<IOrderGrain>(key).Get()).Value);
            bool isExplained = Interleavings.Explain(
                told,
                OrderTrial.Begin,
                (model, command) => model.Step(command),
                model => OrderTrial.Shown(model) == end);
            Assert.True(isExplained, $"seed {seed}, run {run}: {end}\n{Text(told)}");
        }
    }

    private static ImmutableArray<ImmutableArray<TCommand>> Draw<TCommand>(Func<TCommand> draw, TCommand first) =>
    [
        .. Enumerable.Range(0, Clients).Select(client => Enumerable.Range(0, CommandsOfOne)
            .Select(i => client == 0 && i == 0 ? first : draw()).ToImmutableArray()),
    ];

    private static ImmutableArray<ImmutableArray<Told<TCommand>>> AtOnce<TCommand>(
        ModelHost host,
        ImmutableArray<ImmutableArray<TCommand>> wanted,
        Func<SimulatedMachine, TCommand, Task<string>> send) =>
        [
            .. host.Do(machine => Task.WhenAll(wanted.Select(async commands =>
            {
                ImmutableArray<Told<TCommand>> told = [];
                foreach (TCommand command in commands)
                {
                    told = told.Add(new(command, await send(machine, command)));
                }

                return told;
            }))),
        ];

    private static string Text<TCommand>(ImmutableArray<ImmutableArray<Told<TCommand>>> told) =>
        string.Join('\n', told.Select(client => string.Join("; ", client)));
}
