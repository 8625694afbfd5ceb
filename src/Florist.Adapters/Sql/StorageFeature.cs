using Florist.Kernel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Sql;

/// <summary>Adds the storage that the settings choose.</summary>
public static class StorageFeature
{
    /// <summary>
    /// Adds the storage on PostgreSQL where <c>Storage:ConnectionString</c> is set, else the one on SQLite. To be added
    /// before the grain host, so that the database is open when grains start.
    /// </summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration) =>
        UsesPostgres(configuration) ? services.AddPostgresStorage() : services.AddSqliteStorage();

    /// <summary>
    /// Adds grain storage under the name "Default", child rows, wake and outbox tables, identifiers, seals and secrets,
    /// all in one PostgreSQL database.
    /// </summary>
    public static IServiceCollection AddPostgresStorage(this IServiceCollection services)
    {
        services.AddOptions<PostgresOptions>().BindConfiguration(PostgresOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PostgresOptions>, PostgresOptionsValidator>();
        services.TryAddSingleton<IFatal, ProcessEnd>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<PostgresDatabase>();
        services.AddSingleton<ISqlDatabase>(provider => provider.GetRequiredService<PostgresDatabase>());
        services.AddSingleton<IStateStore, PostgresStateStore>();
        services.AddSingleton<IStorageRoom, RoomElsewhere>();
        services.AddStorageParts();
        return services;
    }

    /// <summary>Whether the settings choose PostgreSQL.</summary>
    internal static bool UsesPostgres(IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration[PostgresOptions.ConnectionStringKey]);
}
