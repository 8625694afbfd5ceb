using Florist.Adapters.Sql;
using Florist.Kernel;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Florist.Server;

/// <summary>
/// The grain host within this process. Its twin <c>Hosting.Orleans.cs</c> joins a real cluster instead.
/// </summary>
internal static class Hosting
{
    /// <summary>Adds the grain host. Storage goes before it, so that it is open when grains start.</summary>
    /// <exception cref="HostRoleException">The process is to have a part only; that takes a cluster.</exception>
    public static void AddGrainHost(this IHostApplicationBuilder builder)
    {
        HostRole role = HostRoles.Of(builder.Configuration);
        if (role != HostRole.All)
        {
            throw new HostRoleException(
                $"the role '{role.ToString().ToLowerInvariant()}' takes a cluster, and this program was built to run "
                + "all grains in one process. Build it with -p:UpstreamPackages=true (docs/cluster.md), or serve "
                + "without --role.");
        }

        builder.Services.AddSingleton<IValidateOptions<EngineOptions>, OneProcessGuard>();
        builder.Services.AddSingleton<IValidateOptions<PostgresOptions>, OneProcessGuard>();
        builder.UseOrleans(silo => silo.Services.Configure<InProcessOptions>(
            options => options.GrainAssemblies.Add(typeof(IWakeable).Assembly)));
    }
}

/// <summary>
/// Refuses what several processes need that share a database: grains that are all in one process cannot keep a second
/// one from carrying out the same.
/// </summary>
internal sealed class OneProcessGuard : IValidateOptions<EngineOptions>, IValidateOptions<PostgresOptions>
{
    public ValidateOptionsResult Validate(string? name, EngineOptions options) =>
        Refuse(options.Shared, $"{EngineOptions.Section}:{nameof(options.Shared)}");

    public ValidateOptionsResult Validate(string? name, PostgresOptions options) =>
        Refuse(options.Shared, $"{PostgresOptions.Section}:{nameof(options.Shared)}");

    private static ValidateOptionsResult Refuse(bool isShared, string setting) => isShared
        ? ValidateOptionsResult.Fail(
            $"{setting} takes a cluster, and this program was built to run all grains in one process. Build it with "
            + "-p:UpstreamPackages=true (docs/cluster.md), or leave the setting out.")
        : ValidateOptionsResult.Success;
}
