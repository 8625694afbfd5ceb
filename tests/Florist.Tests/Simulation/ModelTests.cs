using Florist.Tests.Simulation.Models;

namespace Florist.Tests.Simulation;

/// <summary>
/// Random commands on real grains and on models a page long. Grains forget what they have in memory, and the process
/// dies in between; neither may be seen.
/// </summary>
public sealed class ModelTests
{
    private const int CommandsInShort = 1_500;

    [Fact]
    public void A_customer_does_what_its_model_does() => Agree(Customers(1, CommandsInShort));

    [Fact]
    public void An_order_and_its_delivery_do_what_their_model_does() => Agree(Orders(1, CommandsInShort));

    [Fact(Explicit = true)]
    public void A_hundred_thousand_commands_find_no_difference()
    {
        Agree(Customers(2, 50_000));
        Agree(Orders(2, 50_000));
    }

    private static void Agree(string? difference)
    {
        if (difference is not null)
        {
            Assert.Fail(difference);
        }
    }

    private static string? Customers(int seed, int commands)
    {
        using ModelHost host = new(seed, dropped: 0.2);
        return new Trial<CustomerCommand>(
            chance => CustomerTrial.Draw(chance), history => CustomerTrial.Run(host, history)).Search(seed, commands);
    }

    private static string? Orders(int seed, int commands)
    {
        using ModelHost host = new(seed, dropped: 0.2);
        return new Trial<OrderCommand>(
            chance => OrderTrial.Draw(chance), history => OrderTrial.Run(host, history)).Search(seed, commands);
    }
}
