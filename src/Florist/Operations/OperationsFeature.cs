using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Florist.Operations;

/// <summary>Wiring of the operations.</summary>
public static class OperationsFeature
{
    /// <summary>Maps the service; what it can back up is for the storage to register.</summary>
    public static IEndpointRouteBuilder MapOperations(this IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<OperationsService>();
        return routes;
    }
}
