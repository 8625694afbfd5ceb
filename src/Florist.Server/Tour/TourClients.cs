using Florist.Protos.Catalogue.V1;
using Florist.Protos.Customers.V1;
using Florist.Protos.Delivery.V1;
using Florist.Protos.Messaging.V1;
using Florist.Protos.Occasions.V1;
using Florist.Protos.Orders.V1;
using Florist.Protos.Sandbox.V1;
using Florist.Server.Commands;
using Grpc.Core;
using Grpc.Net.Client;

namespace Florist.Server.Tour;

/// <summary>Generated clients of a server, and the credentials of those who play a part.</summary>
/// <param name="address">Where the server serves HTTP/2.</param>
internal sealed class TourClients(Uri address) : IDisposable
{
    private readonly GrpcChannel channel = GrpcChannel.ForAddress(address);

    /// <summary>A member of the staff.</summary>
    public Metadata Staff { get; } = As("staff:tour");

    public CatalogueService.CatalogueServiceClient Catalogue => new(channel);

    public CustomerService.CustomerServiceClient Customers => new(channel);

    public OccasionService.OccasionServiceClient Occasions => new(channel);

    public OrderService.OrderServiceClient Orders => new(channel);

    public DeliveryService.DeliveryServiceClient Deliveries => new(channel);

    public CourierService.CourierServiceClient Couriers => new(channel);

    public MessageService.MessageServiceClient Messages => new(channel);

    public SandboxService.SandboxServiceClient Sandbox => new(channel);

    /// <summary>The credentials of a principal, as <c>customer:7q2x</c>.</summary>
    public static Metadata As(string principal) =>
        new() { { "authorization", $"Bearer {TokenCommand.TokenOf(principal)}" } };

    /// <inheritdoc/>
    public void Dispose() => channel.Dispose();
}
