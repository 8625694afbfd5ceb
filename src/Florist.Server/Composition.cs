using Florist.Adapters.Email;
using Florist.Adapters.Payments;
using Florist.Adapters.Proofs;
using Florist.Adapters.Sms;
using Florist.Adapters.Sql;
using Florist.Adapters.Templates;
using Florist.Audit;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Delivery;
using Florist.Imports;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Occasions;
using Florist.Operations;
using Florist.Orders;
using Florist.Receipts;
using Florist.Sandbox;
using Florist.Server.Auth;
using Florist.Server.Edge;
using Florist.Server.Gateway;
using Florist.Server.Gateway.OpenApi;
using Florist.Server.Telemetry;
using Florist.ShopFloor;
using Florist.Stock;
using Florist.Vouchers;
using Microsoft.Extensions.Options;

namespace Florist.Server;

/// <summary>The whole wiring, as one list.</summary>
internal static class Composition
{
    /// <summary>Everything that works without a network: storage, grains, features, ways out.</summary>
    public static void AddFlorist(this IHostApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddStorage(builder.Configuration);
        services.AddCatalogue();
        services.AddCustomers();
        services.AddOccasions();
        services.AddStock();
        services.AddVouchers();
        services.AddOrders();
        services.AddShopFloor();
        services.AddReceipts();
        services.AddDelivery();
        services.AddMessaging();
        services.AddTemplates();
        services.AddImports();
        services.AddEmail(builder.Configuration);
        services.AddSms(builder.Configuration);
        services.AddPayments();
        services.AddProofs();
        builder.AddGrainHost();
        services.AddEngine();
        services.AddRetention();
    }

    /// <summary>What callers need: gRPC and the check of who calls.</summary>
    public static void AddEdge(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptions<AuthOptions>().BindConfiguration("Auth").ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuthOptions>, AuthOptionsValidator>();
        services.AddSingleton<IValidateOptions<AuthOptions>, AuthOptionsConsistency>();
        services.AddSingleton<IPostConfigureOptions<AuthOptions>, AuthOptionsDefaults>();
        services.AddOptions<RateLimitsOptions>().BindConfiguration(RateLimitsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RateLimitsOptions>, RateLimitsOptionsValidator>();
        services.AddSingleton<Tokens>();
        services.AddSingleton<CourierCertificates>();
        services.AddSingleton<PolicyTable>();
        services.AddSingleton<RateLimits>();
        services.AddSingleton<AuditRecorder>();
        services.AddSingleton<CallerInterceptor>();
        services.AddSingleton<RoomInterceptor>();
        services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<CallerInterceptor>();
            grpc.Interceptors.Add<RoomInterceptor>();
        });
        services.AddAudit();
        services.AddGrpcEdge();
        services.AddGateway();
    }

    /// <summary>All services, and the pages of HTTP/1.1.</summary>
    public static void MapFlorist(this WebApplication app)
    {
        // Routing comes after what turns requests of other forms into calls.
        app.UsePages();
        app.UseGateway();
        app.UseDeadlineCaps();
        app.UseRouting();
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.MapCatalogue();
        app.MapCustomers();
        app.MapOccasions();
        app.MapStock();
        app.MapVouchers();
        app.MapOrders();
        app.MapPayments();
        app.MapShopFloor();
        app.MapReceipts();
        app.MapDelivery();
        app.MapMessaging();
        app.MapImports();
        app.MapAudit();
        app.MapOperations();
        app.MapSandbox();
        app.MapProbes();
        app.MapOpenApiDocument();
        app.MapServiceConfig();
        app.MapPages();
    }

    /// <summary>The pages of HTTP/1.1, which a silo without services has too.</summary>
    public static void MapPages(this WebApplication app)
    {
        app.MapMetrics();
        app.MapGet("/healthz", () => Results.Text("ok\n"));
        app.MapGet("/readyz", (IHostApplicationLifetime lifetime, IStorageRoom room) =>
            !EdgeFeature.TakesCalls(lifetime) ? NotReady("not ready\n")
            : room.Current?.IsFull == true ? NotReady("not ready: the disk is full\n")
            : Results.Text("ready\n"));
    }

    private static IResult NotReady(string why) =>
        Results.Text(why, statusCode: StatusCodes.Status503ServiceUnavailable);
}
