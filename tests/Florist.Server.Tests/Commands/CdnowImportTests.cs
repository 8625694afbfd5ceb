using System.Globalization;
using Florist.Protos.Customers.V1;
using Florist.Server.Tests.Testing;
using Florist.Tests.Testing;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Commands;

/// <summary>
/// The published CDNOW file through the tool, as an operator imports it, and what customers come to by it. What is
/// expected is counted from the file by other means than the import's.
/// </summary>
public sealed class CdnowImportTests
{
    private const int PurchasesInFile = 69_659;
    private const int CustomersInFile = 23_570;

    [Fact]
    public async Task The_whole_file_is_imported_once_and_found_by_what_customers_come_to()
    {
        string file = Path.GetFullPath(
            Path.Combine(NpmFolder.RepositoryRoot, "..", "shared", "data", "CDNOW_master.txt"));
        Assert.SkipUnless(File.Exists(file), $"{file} (shared/data) is not there");
        using TempFolder folder = new();

        ToolRun first = await FloristTool.Run("import", "cdnow", file, "--data", folder.Path);
        ToolRun second = await FloristTool.Run("import", "cdnow", file, "--data", folder.Path);

        Assert.True(first.ExitCode == 0, first.Said);
        Assert.Contains(
            $"{PurchasesInFile} purchases added; {CustomersInFile} customers: {CustomersInFile} created", first.Output);
        Assert.True(second.ExitCode == 0, second.Said);
        Assert.Contains(
            $" 0 purchases added; {CustomersInFile} customers: 0 created, 0 updated, {CustomersInFile} unchanged",
            second.Output);
        await using ServerProcess server = await ServerProcess.Start(folder.Path);
        using StaffDesk staff = new(server.Address);
        IReadOnlyList<Buyer> buyers = await Buyers(file);
        Assert.Equal((CustomersInFile, PurchasesInFile), (buyers.Count, buyers.Sum(one => one.Orders)));
        await AssertFound(
            staff,
            "traits.order_count >= 5 AND traits.spend > 200.00 AND traits.last_purchase_date >= 1998-03-01",
            buyers.Where(one => one is { Orders: >= 5, Cents: > 200_00, Last: >= 19980301 }));
        await AssertFound(
            staff,
            "(traits.order_count = 1 AND traits.spend = 11.77) OR traits.purchase_day_count > 30",
            buyers.Where(one => one is { Orders: 1, Cents: 11_77 } or { Days: > 30 }));
        await AssertFound(staff, "traits.spend = 0.00", buyers.Where(one => one.Cents == 0));
    }

    private static async Task AssertFound(StaffDesk staff, string filter, IEnumerable<Buyer> expected)
    {
        IReadOnlyList<Customer> found =
            await staff.Customers(new ListCustomersRequest { Filter = filter, PageSize = 1000 });
        string[] names = [.. expected.Select(one => $"customers/cdnow-{one.Number}").Order(StringComparer.Ordinal)];
        Assert.NotEmpty(names);
        Assert.Equal(names, found.Select(one => one.Name).Order(StringComparer.Ordinal));
    }

    // Columns by their places in the line: number, day, units, dollars with two decimals.
    private static async Task<IReadOnlyList<Buyer>> Buyers(string file)
    {
        string[] lines = await File.ReadAllLinesAsync(file);
        return
        [
            .. from line in lines
               where line.Length > 15 && char.IsAsciiDigit(line[1])
               let parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
               let purchase = (
                   Number: parts[0],
                   Day: int.Parse(parts[1], CultureInfo.InvariantCulture),
                   Cents: int.Parse(parts[3].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture))
               group purchase by purchase.Number into own
               select new Buyer(
                   own.Key,
                   own.Count(),
                   own.DistinctBy(one => one.Day).Count(),
                   own.Sum(one => one.Cents),
                   own.Max(one => one.Day)),
        ];
    }

    /// <summary>A customer of the file.</summary>
    private sealed record Buyer(string Number, int Orders, int Days, int Cents, int Last);
}
