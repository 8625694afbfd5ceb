using Florist.Protos.Orders.V1;
using Florist.Server.Commands;
using Florist.Server.Tests.Peers;
using Florist.Server.Tests.Testing;
using Florist.Tests.Testing;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Clients;

/// <summary>The courier of <c>docs/clients/courier-python</c> through restarts, kills and a lost file.</summary>
public sealed class CourierClientTests
{
    private const string Folder = "docs/clients/courier-python";

    [Fact]
    public async Task The_commands_of_the_page_deliver_an_order()
    {
        await SkipUnlessThere();
        using ClientTree tree = await ClientTree.Make();
        using TempFolder folder = new();
        await using ServerProcess server = await ServerProcess.Start(folder.Path);
        await tree.MeanServer(server);

        string said = await tree.Run(string.Join('\n', tree.Commands("### A courier")));

        Assert.Contains("committed 2", said, StringComparison.Ordinal);
        Assert.Contains("COMPLETED", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_lost_or_done_twice_when_server_courier_and_outbox_go_one_after_the_other()
    {
        await SkipUnlessThere();
        using ClientTree tree = await ClientTree.Make();
        using TempFolder folder = new();
        await using ServerProcess server = await ServerProcess.Start(folder.Path);
        await tree.MeanServer(server);
        await tree.Run("./generate.sh", Folder);
        using StaffDesk staff = new(server.Address);
        string first = await Assigned(tree, staff);
        string second = await Assigned(tree, staff);
        await using ClientProcess running = Courier(tree, "run");
        await running.Says("connected; the server stands at 0");

        await Report(tree, first, "OUT_FOR_DELIVERY");
        await running.Says("committed 1");
        Assert.Equal(0, await server.Stop());
        await running.Says("asked to reconnect: SERVER_STOPPING");
        await Report(tree, first, "ARRIVED");
        await running.Kill();
        await using ServerProcess again = await server.StartAgain();
        await Report(tree, "orders/none", "DELIVERED");
        await Report(tree, first, "DELIVERED --outcome HANDED_TO_RECIPIENT");
        await using ClientProcess after = Courier(tree, "run");
        await after.Says("the server stands at 1");
        await after.Says("committed 4");
        Assert.Equal(0, (await after.Stop()).ExitCode);
        Assert.Equal(Order.Types.State.Completed, await StateOf(staff, first));
        Assert.Contains("UNKNOWN_DELIVERY", await Finished(tree, "rejected"), StringComparison.Ordinal);

        // The same producer with a file that knows nothing numbers on from where the server stands.
        await tree.Run("rm outbox.db*", Folder);
        await Report(tree, second, "OUT_FOR_DELIVERY");
        Assert.Contains("committed 5", await Finished(tree, "run --until-empty"), StringComparison.Ordinal);
        await Report(tree, second, "DELIVERED --outcome LEFT_AT_RECEPTION");
        Assert.Contains(
            "reported 1", await Finished(tree, "run --no-stream --until-empty"), StringComparison.Ordinal);
        Assert.Equal(Order.Types.State.Completed, await StateOf(staff, second));
    }

    private static async Task SkipUnlessThere()
    {
        await PartnerCourier.Python();
        Assert.SkipUnless(
            await Tool.Exists("protoc", TestContext.Current.CancellationToken)
                && File.Exists("/usr/bin/grpc_python_plugin"),
            "protobuf-compiler and protobuf-compiler-grpc are not installed");
    }

    private static async Task<string> Assigned(ClientTree tree, StaffDesk staff)
    {
        string day = (await staff.FirstOpenDay()).ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        string order = (await tree.Run(
            $"dotnet run --project docs/clients/csharp -- order {day}",
            "",
            ("FLORIST_TOKEN", TokenCommand.TokenOf("service:web-shop")))).Trim();
        await staff.Dispatch(order, PartnerCourier.ResourceName);
        return order;
    }

    private static ClientProcess Courier(ClientTree tree, string verb) =>
        tree.Shell($"exec python3 courier.py {verb}", Folder, Token);

    private static Task<string> Finished(ClientTree tree, string verb) =>
        tree.Run($"python3 courier.py {verb}", Folder, Token);

    private static Task<string> Report(ClientTree tree, string order, string state) =>
        Finished(tree, $"report {order}/deliveries/d1 {state}");

    private static (string, string) Token => ("FLORIST_TOKEN", TokenCommand.TokenOf("courier:velo"));

    private static async Task<Order.Types.State> StateOf(StaffDesk staff, string order) =>
        (await staff.Clients.Orders.GetOrderAsync(new GetOrderRequest { Name = order }, staff.Clients.Staff)).State;
}
