using Florist.Audit;
using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Orders;
using Florist.Receipts;
using Florist.ShopFloor;
using Florist.Stock;
using Florist.Vouchers;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Florist.Adapters.Sql;

/// <summary>What stands on an open database, whichever it is.</summary>
internal static class StorageParts
{
    /// <summary>
    /// Adds grain storage under the name "Default", child rows, wake and outbox tables, identifiers, seals, secrets
    /// and the features' queries.
    /// </summary>
    public static void AddStorageParts(this IServiceCollection services)
    {
        services.AddHostedService<StorageStart>();
        services.AddSingleton<CommitSignals>();
        services.AddSingleton<IRestoreMark, RestoreMark>();
        services.AddSingleton<IGrainRows, GrainRows>();
        services.AddSingleton<IWakeTable, WakeTable>();
        services.AddSingleton<IOutboxTable, OutboxTable>();
        services.AddSingleton<SqlQueries>();
        services.AddSingleton<ISecrets, SqlSecrets>();
        services.AddSingleton<IIds>(provider => new KeyedIds(provider.GetRequiredService<ISqlDatabase>().IdKey));
        services.AddSingleton<ISeal>(provider => new KeyedSeal(provider.GetRequiredService<ISqlDatabase>().SealKey));
        services.AddSingleton<ICustomerQueries, CustomersSql>();
        services.AddSingleton<IOrderQueries, OrdersSql>();
        services.AddSingleton<IPromiseQueries, PromisesSql>();
        services.AddSingleton<ICourierQueries, DeliverySql>();
        services.AddSingleton<IParkedItems, ParkedSql>();
        services.AddSingleton<IParkedSource, RejectedReports>();
        services.AddSingleton<IOperatorActions, OperatorsSql>();
        services.AddSingleton<IRowSweep, RowSweep>();
        services.AddSingleton<IRetentionSource, RejectedReportRetention>();
        services.AddSingleton<IRetentionSource, OperatorActionRetention>();
        services.AddSingleton<IPastOrders, PastOrders>();
        services.AddSingleton<IEngineReadings, EngineReadings>();
        services.AddSingleton<IBenchQueries, ShopFloorSql>();
        services.AddSingleton<IReceiptQueries, ReceiptsSql>();
        services.AddSingleton<IStockQueries, StockSql>();
        services.AddSingleton<IAuditTrail, AuditSql>();
        services.AddSingleton<IVoucherQueries, VouchersSql>();
        services.AddGrainStorage<IGrainStorage>(
            "Default",
            (provider, _) => ActivatorUtilities.CreateInstance<GroupCommitGrainStorage>(provider));
    }
}
