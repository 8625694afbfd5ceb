using Florist.Customers;
using Florist.Imports;
using Florist.Kernel;
using Florist.Tests.Testing;

namespace Florist.Tests.Imports;

/// <summary>
/// The published CDNOW file, which the repository does not contain. The figures were counted from it with other tools.
/// </summary>
public sealed class CdnowFileTests
{
    private const int Purchases = 69_659;
    private const int Customers = 23_570;

    [Fact]
    public async Task The_file_holds_what_its_publishers_say()
    {
        List<SourcePurchase> purchases = [];
        await foreach (ImportLine line in CdnowReader.Read(Open()))
        {
            purchases.Add(line.Purchase ?? throw new InvalidOperationException($"line {line.Number}: {line.Mistake}"));
        }

        Assert.Equal(Purchases, purchases.Count);
        Assert.Equal(Customers, purchases.DistinctBy(one => one.Customer).Count());
        Assert.Equal(80, purchases.Count(one => one.Amount.Minor == 0));
        Assert.Equal(255, Purchases - purchases.Select(one => one with { Ordinal = 0 }).Distinct().Count());
        Assert.Equal(
            1_774, purchases.GroupBy(one => (one.Customer, one.Day)).Count(onOneDay => onOneDay.Count() > 1));
        Assert.Equal(Purchases, purchases.DistinctBy(one => (one.Customer, one.Ordinal)).Count());
    }

    [Fact]
    public async Task The_whole_file_is_imported_once()
    {
        await using TestShop shop =
            await TestShop.Start(services => services.AddCustomers().AddImports());
        ImportReport first = await Run(shop);
        Assert.True(first.IsClean);
        Assert.Equal((Customers, Customers, Purchases), (first.Customers, first.Created, first.PurchasesAdded));

        int customers = 0;
        int orders = 0;
        int days = 0;
        Dictionary<string, long> spend = [];
        string? after = null;
        do
        {
            CustomerQuery all = new(new FilterExpression.Everything(), [], ShowDeleted: false);
            Page<CustomerView> page =
                await shop.Get<ICustomerQueries>().List(all, new(1000, after), CancellationToken.None);
            foreach (CustomerView view in page.Items)
            {
                customers++;
                orders += view.Traits.OrderCount;
                days += view.Traits.PurchaseDayCount;
                spend[view.Id.Value] = view.Traits.Spend["USD"].Minor;
            }

            after = page.Next;
        }
        while (after is not null);
        Assert.Equal((Customers, Purchases), (customers, orders));
        Assert.Equal(await DaysAndSpend(), (days, spend.Values.Sum()));

        ImportReport second = await Run(shop);
        Assert.Equal((Customers, 0), (second.Unchanged, second.PurchasesAdded));
    }

    private static async Task<(int Days, long Spend)> DaysAndSpend()
    {
        // Read without the reader under test.
        HashSet<string> days = [];
        long spend = 0;
        using StreamReader file = Open();
        await file.ReadLineAsync();
        while (await file.ReadLineAsync() is { } line)
        {
            days.Add(line[..15]);
            string cents = line[18..].Replace(".", "", StringComparison.Ordinal);
            spend += long.Parse(cents, System.Globalization.CultureInfo.InvariantCulture);
        }

        return (days.Count, spend);
    }

    private static Task<ImportReport> Run(TestShop shop) =>
        new ImportRun(shop.Get<GrainImportTarget>(), CdnowReader.Source, CdnowReader.Country, TimeProvider.System)
            .Run(CdnowReader.Read(Open()), null, CancellationToken.None);

    private static StreamReader Open()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Florist.sln")))
        {
            folder = folder.Parent;
        }

        string path = Path.Combine(folder?.FullName ?? "", "..", "shared", "data", "CDNOW_master.txt");
        Assert.SkipUnless(File.Exists(path), $"{path} is not there");
        return new StreamReader(path);
    }
}
