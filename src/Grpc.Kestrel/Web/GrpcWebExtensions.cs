using Grpc.AspNetCore.Web;
using Grpc.Kestrel.Web;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Settings of gRPC-Web.</summary>
public class GrpcWebOptions
{
    /// <summary>Makes the default settings.</summary>
    public GrpcWebOptions()
    {
    }

    /// <summary>True lets all services take gRPC-Web calls that do not say otherwise; false by default.</summary>
    public bool DefaultEnabled { get; set; }
}

/// <summary>Adds gRPC-Web to an application.</summary>
public static class GrpcWebApplicationBuilderExtensions
{
    /// <summary>
    /// Lets browsers call services that allow it with <c>EnableGrpcWeb</c>. Belongs between routing and endpoints.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <returns>The same application.</returns>
    public static IApplicationBuilder UseGrpcWeb(this IApplicationBuilder builder) =>
        builder.UseGrpcWeb(new GrpcWebOptions());

    /// <summary>Lets browsers call services. Belongs between routing and endpoints.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="options">Whether services have to allow it.</param>
    /// <returns>The same application.</returns>
    public static IApplicationBuilder UseGrpcWeb(this IApplicationBuilder builder, GrpcWebOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        return builder.Use(next => new GrpcWebMiddleware(next, options).Invoke);
    }
}

/// <summary>Says for endpoints whether they take gRPC-Web calls.</summary>
public static class GrpcWebEndpointConventionBuilderExtensions
{
    /// <summary>Lets endpoints take gRPC-Web calls.</summary>
    /// <typeparam name="TBuilder">The kind of builder.</typeparam>
    /// <param name="builder">The endpoints.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder EnableGrpcWeb<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new EnableGrpcWebAttribute());

    /// <summary>Keeps gRPC-Web calls away from endpoints.</summary>
    /// <typeparam name="TBuilder">The kind of builder.</typeparam>
    /// <param name="builder">The endpoints.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder DisableGrpcWeb<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new DisableGrpcWebAttribute());
}
