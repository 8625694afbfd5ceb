using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Florist.Customers;
using Florist.Imports;
using Florist.Kernel;
using Florist.Tests.Testing;

namespace Florist.Tests.Imports;

public sealed class ImportRunTests
{
    [Fact]
    public async Task A_thousand_lines_become_customers_with_history_and_a_second_run_changes_nothing()
    {
        await using TestShop shop = await Start();
        string file = Extract(1000);
        ImportReport first = await Run(shop.Get<GrainImportTarget>(), file);
        Assert.True(first.IsClean);
        Assert.Equal((1000, 1000), (first.Lines, first.PurchasesAdded));
        Assert.Equal((334, 334, 0, 0), (first.Customers, first.Created, first.Updated, first.Unchanged));

        CustomerView view = Value(await shop.Grain<ICustomerGrain>("cdnow-00007").Get());
        Assert.Equal((3, 2), (view.Traits.OrderCount, view.Traits.PurchaseDayCount));
        Assert.Equal(new DateOnly(1997, 3, 7), view.Traits.LastPurchaseOn);
        Assert.Equal(new Money(1400 + 1400, "USD"), view.Traits.MainSpend());

        ImportReport second = await Run(shop.Get<GrainImportTarget>(), file);
        Assert.Equal((334, 0), (second.Unchanged, second.PurchasesAdded));
        Assert.Equal(1, Value(await shop.Grain<ICustomerGrain>("cdnow-00007").Get()).Revision);
    }

    [Fact]
    public async Task Faulty_lines_are_skipped_counted_and_named_by_number()
    {
        await using TestShop shop = await Start();
        ImportReport report = await Run(shop.Get<GrainImportTarget>(), """
             customer_id  date number_of_cds  dollar_value
             00001 19970101  1   11.77
             00001 19970229  1   11.77
             00002 19970112  1   12.00
             nonsense
             00002 19970112  5   77.00
            """);
        Assert.False(report.IsClean);
        Assert.Equal((5, 2, 3, 2), (report.Lines, report.LinesRejected, report.PurchasesAdded, report.Customers));
        Assert.Equal([3, 5], report.Rejected.Select(line => line.Number));

        // Put right later, the line is added and the others stay.
        ImportReport repaired = await Run(shop.Get<GrainImportTarget>(), """
             customer_id  date number_of_cds  dollar_value
             00001 19970101  1   11.77
             00001 19970228  1   11.77
             00002 19970112  1   12.00
             00002 19970112  5   77.00
            """);
        Assert.Equal((1, 1, 1), (repaired.Updated, repaired.Unchanged, repaired.PurchasesAdded));
    }

    [Fact]
    public async Task A_customer_that_cannot_be_imported_fails_alone()
    {
        await using TestShop shop = await Start();
        await shop.Grain<ICustomerGrain>("cdnow-00002").Create(new(null, new() { GivenName = "Anna" }));
        await shop.Grain<ICustomerGrain>("cdnow-00002").Delete(new(null, null));
        ImportReport report = await Run(
            shop.Get<GrainImportTarget>(), "1 19970101 1 1.00\n2 19970101 1 1.00\n3 19970101 1 1.00\n");
        Assert.False(report.IsClean);
        Assert.Equal((2, 1, 2), (report.Created, report.CustomersFailed, report.PurchasesAdded));
        ImportResult failed = Assert.Single(report.Failed);
        Assert.Equal(("cdnow-00002", "CUSTOMER_DELETED"), (failed.Customer.Value, failed.Failure?.Reason));
    }

    [Fact]
    public async Task A_customers_neighbouring_lines_are_one_commit_and_distant_ones_are_added()
    {
        await using TestShop shop = await Start();
        string file = "1 19970101 1 1.00\n1 19970102 1 1.00\n2 19970101 1 1.00\n3 19970101 1 1.00\n1 19970103 1 1.00\n";
        ImportRun run = new(shop.Get<GrainImportTarget>(), "cdnow", "US", TimeProvider.System)
        {
            CustomersPerBatch = 2,
            BatchesInFlightMax = 1,
        };
        ImportReport report = await run.Run(Lines(file), null, CancellationToken.None);
        Assert.Equal((3, 3, 5), (report.Customers, report.Created, report.PurchasesAdded));
        CustomerView view = Value(await shop.Grain<ICustomerGrain>("cdnow-00001").Get());
        Assert.Equal((2, 3), (view.Revision, view.Traits.OrderCount));
    }

    [Fact]
    public async Task A_batch_never_holds_more_purchases_of_a_customer_than_a_command_may()
    {
        await using TestShop shop = await Start();
        IEnumerable<string> lines = Enumerable.Range(0, CustomerLimits.PurchasesPerImportMax + 1)
            .Select(i => $"1 {new DateOnly(1997, 1, 1).AddDays(i):yyyyMMdd} 1 1.00");
        ImportReport report = await Run(shop.Get<GrainImportTarget>(), string.Join('\n', lines));
        Assert.Equal(1, report.Customers);
        Assert.Equal(1001, Value(await shop.Grain<ICustomerGrain>("cdnow-00001").Get()).Traits.OrderCount);
    }

    [Fact]
    public async Task A_target_that_is_away_for_a_while_is_tried_again()
    {
        await using TestShop shop = await Start();
        AwayAtFirst away = new(shop.Get<GrainImportTarget>(), failures: 3);
        ImportReport report = await Run(away, Extract(100));
        Assert.True(report.IsClean);
        Assert.Equal(100, report.PurchasesAdded);
        Assert.Equal(4, away.Calls);
    }

    [Fact]
    public async Task A_target_that_stays_away_ends_the_run_and_the_next_run_carries_on()
    {
        await using TestShop shop = await Start();
        GrainImportTarget target = shop.Get<GrainImportTarget>();
        AwayAtFirst away = new(target, failures: int.MaxValue);
        await Assert.ThrowsAsync<ImportTargetUnavailableException>(() => Run(away, Extract(100)));
        Assert.Equal(4, away.Calls);
        Assert.Equal(100, (await Run(target, Extract(100))).PurchasesAdded);
    }

    [Fact]
    public async Task A_run_that_was_broken_off_is_carried_on_by_the_next()
    {
        await using TestShop shop = await Start();
        using CancellationTokenSource stop = new();
        ImportRun run = new(shop.Get<GrainImportTarget>(), "cdnow", "US", TimeProvider.System)
        {
            CustomersPerBatch = 10,
            BatchesInFlightMax = 1,
        };
        Broken progress = new(stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => run.Run(Lines(Extract(1000)), progress, stop.Token));
        Assert.InRange(progress.Last.Customers, 10, 333);

        ImportReport rest = await Run(shop.Get<GrainImportTarget>(), Extract(1000));
        Assert.Equal(334, rest.Created + rest.Unchanged);
        Assert.InRange(rest.Unchanged, 10, 333);
        Assert.Equal(1000, rest.PurchasesAdded + progress.Last.PurchasesAdded);
    }

    /// <summary>
    /// Lines of customers with three purchases each, two of them on one day, one of those for nothing.
    /// </summary>
    private static string Extract(int lines) => string.Join('\n', Enumerable.Range(0, lines).Select(i =>
    {
        int customer = (i / 3) + 1;
        int day = ((customer - 1) % 28) + 1;
        return (i % 3) switch
        {
            0 => $" {customer:D5} 199701{day:D2}  1   {customer * 2}.00",
            1 => $" {customer:D5} 199703{day:D2}  2   {customer * 2}.00",
            _ => $" {customer:D5} 199703{day:D2}  1    0.00",
        };
    }));

    private static Task<TestShop> Start() => TestShop.Start(services => services.AddCustomers().AddImports());

    private static Task<ImportReport> Run(IImportTarget target, string file) =>
        new ImportRun(target, CdnowReader.Source, CdnowReader.Country, TimeProvider.System)
        {
            RetryAfter = TimeSpan.Zero,
            AttemptsMax = 4,
        }.Run(Lines(file), null, CancellationToken.None);

    private static async IAsyncEnumerable<ImportLine> Lines(
        string file, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (ImportLine line in CdnowReader.Read(new StringReader(file), cancellationToken))
        {
            yield return line;
        }
    }

    private static CustomerView Value(Outcome<CustomerView> outcome) =>
        outcome.Value ?? throw new InvalidOperationException(outcome.Fault?.Text);

    /// <summary>The real target behind a line that drops the first calls.</summary>
    private sealed class AwayAtFirst(IImportTarget target, int failures) : IImportTarget
    {
        public int Calls { get; private set; }

        public Task<ImmutableArray<ImportResult>> Import(ImportBatch batch, CancellationToken cancellationToken) =>
            ++Calls <= failures
                ? throw new ImportTargetUnavailableException("away")
                : target.Import(batch, cancellationToken);
    }

    /// <summary>Breaks the run off after its first batch.</summary>
    private sealed class Broken(CancellationTokenSource stop) : IProgress<ImportReport>
    {
        public ImportReport Last { get; private set; } = new();

        public void Report(ImportReport value)
        {
            Last = value;
            stop.Cancel();
        }
    }
}
