using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Florist.Sandbox;

/// <summary>Wiring of the sandbox.</summary>
public static class SandboxFeature
{
    /// <summary>
    /// Maps the sandbox's service. It refuses every call unless the product's clock is a <see cref="SandboxClock"/>.
    /// </summary>
    public static IEndpointRouteBuilder MapSandbox(this IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<SandboxService>();
        return routes;
    }
}
