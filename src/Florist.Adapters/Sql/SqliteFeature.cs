using Florist.Kernel;
using Florist.Operations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

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
        services.AddSingleton<ISqlDatabase>(provider => provider.GetRequiredService<SqliteDatabase>());
        services.AddSingleton<IStateStore, SqliteStateStore>();
        services.AddSingleton<IValidateOptions<SqliteOptions>, SqliteOptionsConsistency>();
        services.AddSingleton<IBackups, SqliteBackups>();
        services.AddStorageParts();
        services.AddSingleton<SqliteHealth>();
        services.AddSingleton<IStorageRoom>(provider => provider.GetRequiredService<SqliteHealth>());
        services.AddHostedService(provider => provider.GetRequiredService<SqliteHealth>());
        return services;
    }
}
