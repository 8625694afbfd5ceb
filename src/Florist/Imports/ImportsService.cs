using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using Florist.Protos.Imports.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using CustomerMessage = Florist.Protos.Imports.V1.ImportedCustomer;
using ResultMessage = Florist.Protos.Imports.V1.ImportResult;

namespace Florist.Imports;

/// <summary>The RPC of ImportService: one batch to the grains.</summary>
internal sealed class ImportsService(GrainImportTarget target, TimeProvider time, ILogger<ImportsService> log)
    : ImportService.ImportServiceBase
{
    public override async Task<BatchImportPurchasesResponse> BatchImportPurchases(
        BatchImportPurchasesRequest request, ServerCallContext context)
    {
        Caller caller = Caller.Of(context);
        if (!caller.IsInternal)
        {
            throw Fault.Denied("imports are for staff").ToException();
        }

        FieldChecks checks = new();
        string country = Regions.Read(request.RegionCode, "region_code", checks) ?? "";
        ImportReads.CheckSource(request.Source, checks);
        ImportReads.CheckCount(request.Customers, checks);
        ImmutableArray<Read> read = [.. request.Customers.Select((one, i) => ReadCustomer(one, i, caller, checks))];
        ImportReads.CheckOnce(read.Select(one => one.Customer), checks);
        if (checks.Fault is { } fault)
        {
            throw fault.ToException();
        }

        ImmutableArray<ImportCustomer> sound =
            [.. read.Where(one => one.Mistake is null).Select(one => new ImportCustomer(one.Customer, one.Purchases))];
        ImmutableArray<ImportResult> imported = sound.IsEmpty
            ? []
            : await target.Import(new ImportBatch(request.Source, country, sound), context.CancellationToken);
        Dictionary<CustomerId, ImportResult> byCustomer = imported.ToDictionary(result => result.Customer);
        BatchImportPurchasesResponse response = new();
        response.Results.AddRange(read.Select(one => ToProto(one.Mistake is { } mistake
            ? new ImportResult(one.Customer, ImportOutcome.Failed, 0, mistake)
            : byCustomer[one.Customer])));
        int failed = response.Results.Count(result => result.Outcome == ResultMessage.Types.Outcome.Failed);
        ImportsLog.Imported(log, caller.Principal, response.Results.Count, failed);
        return response;
    }

    // A customer with a faulty purchase fails alone; the others of the batch are imported.
    private Read ReadCustomer(CustomerMessage message, int index, Caller caller, FieldChecks checks)
    {
        string field = $"customers[{index}]";
        if (CustomerNames.Customer(message.Customer, $"{field}.customer", caller)
            .Failed(out Fault? fault, out CustomerId customer))
        {
            foreach (FieldFault wrong in fault.Fields)
            {
                checks.Add(wrong.Field, wrong.Reason, wrong.Text);
            }

            return new Read(default, [], fault);
        }

        FieldChecks own = new();
        ImmutableArray<Customers.ImportedPurchase> purchases = ImportReads.Purchases(message, time.GetUtcNow(), own);
        return new Read(customer, purchases, own.Fault);
    }

    private static ResultMessage ToProto(ImportResult result) => new()
    {
        Customer = result.Customer.Name,
        Outcome = (ResultMessage.Types.Outcome)(result.Outcome + 1),
        AddedCount = result.Added,
        Status = result.Failure?.ToStatus(),
    };

    private sealed record Read(
        CustomerId Customer, ImmutableArray<Customers.ImportedPurchase> Purchases, Fault? Mistake);
}
