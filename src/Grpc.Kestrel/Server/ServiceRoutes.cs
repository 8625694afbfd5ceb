using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Grpc.Kestrel.Web;
using Grpc.Kestrel.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.Kestrel.Server;

/// <summary>A method with its route, its endpoint metadata and what handles its requests.</summary>
internal sealed record MappedMethod(
    IMethod Method, RoutePattern Pattern, IList<object> Metadata, RequestDelegate Handler);

/// <summary>Tells that gRPC is registered, and which catch-all routes there are already.</summary>
internal sealed class GrpcMarker(IServiceCollection registrations)
{
    private readonly HashSet<string> answered = new(StringComparer.Ordinal);

    /// <summary>True when every call gets the same object of a type, as the last registration says.</summary>
    public bool IsSingleton(Type type) => registrations.LastOrDefault(
        registration => registration.ServiceType == type && !registration.IsKeyedService)
        is { Lifetime: ServiceLifetime.Singleton };

    /// <summary>True for the first caller with this service name; empty stands for all services.</summary>
    public bool AnswersFirst(string serviceName) => answered.Add(serviceName);
}

/// <summary>Makes endpoints of a service's methods.</summary>
internal static class ServiceRoutes
{
    private const string LogCategory = "Grpc.AspNetCore.Server.ServerCallHandler";

    public static GrpcServiceEndpointConventionBuilder Map<TService>(
        IEndpointRouteBuilder routes, object? argument, IGrpcServiceActivator<TService>? activator)
        where TService : class
    {
        IServiceProvider services = routes.ServiceProvider;
        GrpcMarker marker = services.GetService<GrpcMarker>() ?? throw new InvalidOperationException(
            "Unable to find the required services. Please add all the required services by calling "
            + "'IServiceCollection.AddGrpc' in the application startup code.");
        ILogger log = services.GetRequiredService<ILoggerFactory>().CreateLogger(LogCategory);
        GrpcServiceOptions common = services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value;
        GrpcServiceOptions own = services.GetRequiredService<IOptions<GrpcServiceOptions<TService>>>().Value;
        MethodSettings settings = MethodSettings.Merge(common, own);
        ServiceMethodProviderContext<TService> context = new(
            new CallEndpoints(settings, log),
            new MethodPipeline<TService>(
                activator ?? services.GetRequiredService<IGrpcServiceActivator<TService>>(),
                settings.Interceptors,
                new SharedObjects(services, marker)),
            argument);
        foreach (IServiceMethodProvider<TService> provider in services.GetServices<IServiceMethodProvider<TService>>())
        {
            provider.OnServiceMethodDiscovery(context);
        }

        if (context.Methods.Count == 0)
        {
            GrpcServerLog.NoMethods(log, typeof(TService));
        }

        bool ignoresUnknown = own.IgnoreUnknownServices ?? common.IgnoreUnknownServices ?? false;
        MapUnknown(routes, marker, log, context.Methods, ignoresUnknown, common.IgnoreUnknownServices ?? false);
        return new GrpcServiceEndpointConventionBuilder(
            [.. context.Methods.Select(method => MapMethod(routes, typeof(TService), method))]);
    }

    private static IEndpointConventionBuilder MapMethod(
        IEndpointRouteBuilder routes, Type serviceType, MappedMethod method)
    {
        IEndpointConventionBuilder endpoint = routes.Map(method.Pattern, method.Handler);
        endpoint.Add(builder =>
        {
            builder.DisplayName = $"gRPC - {method.Pattern.RawText}";
            builder.Metadata.Add(new GrpcMethodMetadata(serviceType, method.Method));
            foreach (object item in method.Metadata)
            {
                builder.Metadata.Add(item);
            }
        });
        return endpoint;
    }

    // A method that is not there is answered in gRPC's own way, but only to requests that speak gRPC.
    private static void MapUnknown(
        IEndpointRouteBuilder routes,
        GrpcMarker marker,
        ILogger log,
        List<MappedMethod> methods,
        bool ignoresMethods,
        bool ignoresServices)
    {
        foreach (MappedMethod method in methods)
        {
            string service = method.Method.ServiceName;
            if (!ignoresMethods && marker.AnswersFirst(service))
            {
                Map($"/{service}/{{unimplementedMethod}}", CallEndpoints.MethodIsUnimplemented);
            }
        }

        if (!ignoresServices && marker.AnswersFirst(""))
        {
            Map("/{unimplementedService}/{unimplementedMethod}", "Service is unimplemented.");
        }

        void Map(string pattern, string text)
        {
            RoutePattern route = RoutePatternFactory.Parse(
                pattern, defaults: null, parameterPolicies: new { unimplementedMethod = new SpeaksGrpc() });
            routes.Map(route, CallEndpoints.Unimplemented(text, log)).Add(builder =>
            {
                builder.DisplayName = $"gRPC - {text}";
                builder.Metadata.Add(new HttpMethodMetadata(["POST"], acceptCorsPreflight: true));
            });
        }
    }

    private sealed class SpeaksGrpc : IRouteConstraint
    {
        public bool Match(
            HttpContext? httpContext,
            IRouter? route,
            string routeKey,
            RouteValueDictionary values,
            RouteDirection routeDirection) =>
            httpContext?.Request is { } request && (IsPreflight(request)
                || ContentTypes.IsGrpc(request.ContentType) || WebContentType.Read(request.ContentType) is not null);

        // A browser asks first whether it may call; whether the method is there is told when it does call.
        private static bool IsPreflight(HttpRequest request) => HttpMethods.IsOptions(request.Method)
            && request.Headers.Origin.Count > 0 && request.Headers.AccessControlRequestMethod.Count > 0;
    }
}
