using System.Collections.Frozen;
using Florist.Kernel;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Florist.Server.Edge;

/// <summary>
/// Refuses calls that begin something new while the disk is nearly full, so that what was begun can be carried out:
/// reads, changes, couriers' reports and cancellations go on.
/// </summary>
internal sealed class RoomInterceptor(IStorageRoom room) : Interceptor
{
    /// <summary>The methods that begin something.</summary>
    public static readonly FrozenSet<string> Beginning = new[]
    {
        "/florist.orders.v1.OrderService/CreateOrder",
        "/florist.customers.v1.CustomerService/CreateCustomer",
        "/florist.customers.v1.CustomerService/CreateRecipient",
        "/florist.occasions.v1.OccasionService/CreateOccasion",
        "/florist.imports.v1.ImportService/BatchImportPurchases",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        room.Current?.IsFull == true && Beginning.Contains(context.Method)
            ? throw StorageRoom.Full.ToException()
            : continuation(request, context);
}
