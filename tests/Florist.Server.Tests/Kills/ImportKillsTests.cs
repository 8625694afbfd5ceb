using System.Diagnostics;
using Florist.Protos.Customers.V1;
using Florist.Server.Tests.Testing;
using Florist.Tests.Testing;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Kills;

/// <summary>A server that is killed while an import comes in.</summary>
public sealed class ImportKillsTests
{
    private const int Customers = 3000;

    [Fact]
    public async Task An_import_into_a_server_that_is_killed_is_carried_on_by_running_it_again()
    {
        using TempFolder folder = new();
        string file = await Histories.Write(folder.Path, Customers);
        string data = Path.Combine(folder.Path, "data");
        await using (ServerProcess server = await ServerProcess.Start(data))
        {
            using StaffDesk staff = new(server.Address);
            Assert.False(await Begun(staff));
            using Process import = new() { StartInfo = FloristTool.Prepare(Import(file, server)) };
            import.Start();
            while (!await Begun(staff))
            {
                Assert.False(import.HasExited, "the import has ended and nothing is there");
            }

            // As soon as it is seen to write; where that is too late to be in the middle, the second run finds all.
            await server.Kill();
            import.Kill();
            await import.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await using ServerProcess again = await ServerProcess.Start(data);
        int kept = (await All(again)).Count;
        ToolRun second = await FloristTool.Run(Import(file, again));
        ToolRun third = await FloristTool.Run(Import(file, again));

        Assert.InRange(kept, 1, Customers);
        Assert.Contains($": {Customers - kept} created, 0 updated, {kept} unchanged, 0 failed", second.Output);
        Assert.Contains($" 0 purchases added; {Customers} customers: 0 created, 0 updated, ", third.Output);
        Assert.Equal((0, 0), (second.ExitCode, third.ExitCode));
        IReadOnlyList<Customer> all = await All(again);
        Assert.Equal(Customers, all.Count);
        Assert.All(all, one => Assert.Equal(
            (Histories.PurchasesEach, 31, 77), (one.Traits.OrderCount, one.Traits.Spend.Units, Cents(one))));
    }

    private static string[] Import(string file, ServerProcess server) =>
        ["import", "cdnow", file, "--address", server.Address.ToString()];

    private static int Cents(Customer customer) => customer.Traits.Spend.Nanos / 10_000_000;

    private static async Task<bool> Begun(StaffDesk staff) =>
        (await staff.Clients.Customers.ListCustomersAsync(
            new ListCustomersRequest { PageSize = 1 }, staff.Clients.Staff)).Customers.Count > 0;

    private static async Task<IReadOnlyList<Customer>> All(ServerProcess server)
    {
        using StaffDesk staff = new(server.Address);
        return await staff.Customers(new ListCustomersRequest { PageSize = 1000 });
    }
}
