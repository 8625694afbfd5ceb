using System.Globalization;
using Florist.Server.Commands;
using Florist.Server.Tests.Testing;
using Florist.Tests.Testing;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Clients;

/// <summary>The back ends of <c>docs/clients/node</c> and <c>docs/clients/csharp</c> on one shop.</summary>
public sealed class BackEndClientTests
{
    private const string Node = "node docs/clients/node/shop.mjs";
    private const string Dotnet = "dotnet run --project docs/clients/csharp --";

    [Fact]
    public async Task They_order_list_watch_and_cancel_and_read_refusals()
    {
        using ClientTree tree = await ClientTree.Make();
        using TempFolder folder = new();
        await using ServerProcess server = await ServerProcess.Start(folder.Path);
        await tree.MeanServer(server);
        using StaffDesk staff = new(server.Address);
        string day = (await staff.FirstOpenDay()).ToString("O", CultureInfo.InvariantCulture);

        foreach ((string client, string other) in ((string, string)[])[(Node, Dotnet), (Dotnet, Node)])
        {
            string order = await Ordered(tree, client, day);
            string customer = (await staff.Clients.Orders.GetOrderAsync(new() { Name = order }, staff.Clients.Staff))
                .Customer;
            await using ClientProcess watching = tree.Shell($"exec {other} watch {order}", "", Token);
            string[] spellings = ["CONFIRMED PENDING", "Confirmed Pending"];
            Assert.Contains((await watching.Says(" ")).Split(' ', 2)[1], spellings);
            Assert.Contains(order, await tree.Run($"{client} list {customer}", "", Token), StringComparison.Ordinal);
            string cancelled = await tree.Run($"{client} cancel {order} 'changed our minds'", "", Token);
            Assert.Equal($"{order} CANCELLED", cancelled.Trim().ToUpperInvariant().Replace(
                order.ToUpperInvariant(), order, StringComparison.Ordinal));
            ToolRun watched = await watching.Ended();
            Assert.Equal(0, watched.ExitCode);
            Assert.Contains("FINAL CANCELLED", watched.Output.ToUpperInvariant(), StringComparison.Ordinal);
            await AssertRefused(tree, $"{client} cancel {order} again", "refused: ORDER_ENDED");
        }
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_from_a_refusal()
    {
        using ClientTree tree = await ClientTree.Make();
        await using ClientProcess shell = tree.Shell(
            $"{Node} list customers/none", "", ("FLORIST_SERVER", tree.Origin), Token);

        ToolRun run = await shell.Ended();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("refused: no answer (14)", run.Output, StringComparison.Ordinal);
    }

    private static (string, string) Token => ("FLORIST_TOKEN", TokenCommand.TokenOf("service:web-shop"));

    // Its name is the last line; what is said before goes to the other output.
    private static async Task<string> Ordered(ClientTree tree, string client, string day) =>
        (await tree.Run($"{client} order {day} 2>/dev/null", "", Token)).Trim();

    private static async Task AssertRefused(ClientTree tree, string command, string words)
    {
        await using ClientProcess shell = tree.Shell(command, "", Token);
        ToolRun run = await shell.Ended();
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(words, run.Output, StringComparison.Ordinal);
    }
}
