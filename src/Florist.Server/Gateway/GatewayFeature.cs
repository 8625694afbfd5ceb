using Florist.Server.Gateway.OpenApi;

namespace Florist.Server.Gateway;

/// <summary>Adds the JSON side of the API to the server.</summary>
internal static class GatewayFeature
{
    /// <summary>Settings, routes, and the descriptors of all services.</summary>
    public static IServiceCollection AddGateway(this IServiceCollection services)
    {
        services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Contracts>();
        services.AddSingleton<RouteTable>();
        services.AddSingleton<ApiDocument>();
        services.AddSingleton<DocsPage>();
        return services;
    }

    /// <summary>
    /// Takes the requests of the JSON side and passes them on as gRPC calls. Stands before routing, which then routes
    /// the calls.
    /// </summary>
    public static IApplicationBuilder UseGateway(this IApplicationBuilder app)
    {
        app.UseWhen(static http => !IsCall(http.Request.ContentType), json =>
        {
            json.UseMiddleware<JsonGateway>();
            json.UseMiddleware<ConnectGateway>();
        });
        return app;
    }

    // Calls of gRPC and gRPC-Web are what most requests are, and neither gateway has a say in them.
    private static bool IsCall(string? contentType) =>
        contentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;
}
