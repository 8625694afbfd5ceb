using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Florist.Audit;

/// <summary>Adds the audit trail to a server; where it is kept is for the storage to register.</summary>
public static class AuditFeature
{
    /// <summary>Settings, the service and what removes old entries.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddOptions<AuditOptions>().BindConfiguration(AuditOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuditOptions>, AuditOptionsValidator>();
        services.AddSingleton<AuditService>();
        services.AddHostedService<AuditRetention>();
        return services;
    }

    /// <summary>The feature's gRPC service.</summary>
    public static IEndpointRouteBuilder MapAudit(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<AuditService>();
        return endpoints;
    }
}
