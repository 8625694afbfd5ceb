using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Orders;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Florist.Adapters.Sql;

/// <summary>Adds the storage on SQLite.</summary>
public static class SqliteFeature
{
    /// <summary>
    /// Adds grain storage under the name "Default", child rows, wake and outbox tables, identifiers, seals and secrets,
    /// all in one SQLite file. To be added before the grain host, so that the file is open when grains start.
    /// </summary>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services)
    {
        services.AddOptions<SqliteOptions>().BindConfiguration(SqliteOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SqliteOptions>, SqliteOptionsValidator>();
        services.TryAddSingleton<IFatal, ProcessEnd>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SqliteDatabase>();
        services.AddHostedService<SqliteStorageStart>();
        services.AddSingleton<SqliteStateStore>();
        services.AddSingleton<IStateStore>(provider => provider.GetRequiredService<SqliteStateStore>());
        services.AddSingleton<IGrainRows, SqliteGrainRows>();
        services.AddSingleton<IWakeTable, SqliteWakeTable>();
        services.AddSingleton<IOutboxTable, SqliteOutboxTable>();
        services.AddSingleton<SqliteQueries>();
        services.AddSingleton<ISecrets, SqliteSecrets>();
        services.AddSingleton<IIds>(provider => new KeyedIds(provider.GetRequiredService<SqliteDatabase>().IdKey));
        services.AddSingleton<ISeal>(provider => new KeyedSeal(provider.GetRequiredService<SqliteDatabase>().SealKey));
        services.AddSingleton<ICustomerQueries, CustomersSql>();
        services.AddSingleton<IOrderQueries, OrdersSql>();
        services.AddSingleton<ICourierQueries, DeliverySql>();
        services.AddGrainStorage<IGrainStorage>(
            "Default",
            (provider, _) => ActivatorUtilities.CreateInstance<GroupCommitGrainStorage>(provider));
        return services;
    }
}
