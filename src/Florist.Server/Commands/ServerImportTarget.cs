using System.Collections.Immutable;
using Florist.Customers;
using Florist.Imports;
using Florist.Kernel;
using Florist.Protos.Imports.V1;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using ImportResult = Florist.Imports.ImportResult;
using ProtoResult = Florist.Protos.Imports.V1.ImportResult;

namespace Florist.Server.Commands;

/// <summary>Imports into a running server.</summary>
/// <param name="address">Where it serves HTTP/2.</param>
/// <param name="token">A staff token.</param>
internal sealed class ServerImportTarget(Uri address, string token) : IImportTarget, IDisposable
{
    private static readonly TimeSpan BatchTimeout = TimeSpan.FromSeconds(60);

    private readonly GrpcChannel channel = GrpcChannel.ForAddress(address);
    private readonly Metadata headers = new() { { "authorization", $"Bearer {token}" } };

    /// <inheritdoc/>
    public async Task<ImmutableArray<ImportResult>> Import(ImportBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            // The server's clock may be turned; this process' own deadline is by the machine's.
            DateTime deadline = TimeProvider.System.GetUtcNow().UtcDateTime + BatchTimeout;
            BatchImportPurchasesResponse response = await new ImportService.ImportServiceClient(channel)
                .BatchImportPurchasesAsync(ToProto(batch), headers, deadline, cancellationToken);
            return [.. response.Results.Select(Read)];
        }
        catch (RpcException failed) when (failed.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded
            or StatusCode.ResourceExhausted or StatusCode.Aborted)
        {
            throw new ImportTargetUnavailableException(
                $"The server at {address} cannot be reached: {failed.Status.Detail}", failed);
        }
        catch (RpcException refused) when (refused.StatusCode != StatusCode.Cancelled)
        {
            throw new ImportRefusedException($"The server refuses: {refused.StatusCode}: {refused.Status.Detail}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => channel.Dispose();

    private static BatchImportPurchasesRequest ToProto(ImportBatch batch)
    {
        BatchImportPurchasesRequest request = new() { Source = batch.Source, RegionCode = batch.Country };
        request.Customers.AddRange(batch.Customers.Select(one =>
        {
            ImportedCustomer customer = new() { Customer = one.Customer.Name };
            customer.Purchases.AddRange(one.Purchases.Select(purchase => new Protos.Imports.V1.ImportedPurchase
            {
                Ordinal = purchase.Ordinal,
                PurchaseDate = purchase.Day.ToProto(),
                Units = purchase.Units,
                Amount = purchase.Amount.ToProto(),
            }));
            return customer;
        }));
        return request;
    }

    private static ImportResult Read(ProtoResult result) => new(
        new CustomerId(result.Customer.Split('/')[^1]),
        (ImportOutcome)((int)result.Outcome - 1),
        result.AddedCount,
        result.Status is { } status ? ReadFault(status) : null);

    private static Fault ReadFault(Google.Rpc.Status status)
    {
        ErrorInfo? info = status.Details.Where(detail => detail.Is(ErrorInfo.Descriptor))
            .Select(detail => detail.Unpack<ErrorInfo>()).FirstOrDefault();
        return Fault.Refused(info?.Reason ?? ((StatusCode)status.Code).ToString(), status.Message);
    }
}

/// <summary>The server does not let this import happen; trying again would not help.</summary>
internal sealed class ImportRefusedException(string message) : Exception(message);
