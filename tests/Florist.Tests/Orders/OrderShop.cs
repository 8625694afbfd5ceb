using Florist.Adapters.Payments;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;
using Florist.Orders;
using Florist.Stock;
using Florist.Tests.Catalogue;
using Florist.Tests.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Florist.Tests.Orders;

/// <summary>A shop that takes orders, on real storage, at the time of <see cref="OrderSamples.Morning"/>.</summary>
internal static class OrderShop
{
    public static async Task<TestShop> Start(Action<IServiceCollection>? more = null, string? postgres = null)
    {
        void Configure(IServiceCollection services)
        {
            services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
            services.AddSingleton<ICatalogue>(DemoCatalogue.Value);
            services.AddCustomers();
            services.AddStock();
            services.AddOrders();
            services.AddPayments();
            services.AddSingleton(new EventTopic(Florist.Delivery.DeliveryEvents.Changed));
            more?.Invoke(services);
        }

        TestShop shop = await TestShop.Start(Configure, postgres);
        shop.Time.Set(OrderSamples.Morning);
        return shop;
    }

    /// <summary>Another way to the payment provider.</summary>
    public static void Replace(this IServiceCollection services, IPaymentPort payments) =>
        services.AddSingleton(payments);

    public static async Task<OrderRecord> Order(this TestShop shop, string id) =>
        (await shop.Grain<IOrderGrain>(id).Get()).OrThrow();
}

/// <summary>A payment provider that is not to be reached, but takes releases.</summary>
internal sealed class PaymentsThatNeverAnswer : IPaymentPort
{
    public List<string> Released { get; } = [];

    public Task<PaymentOutcome> Authorize(
        string idempotencyKey, Money amount, string token, CancellationToken cancellationToken) =>
        Task.FromResult(new PaymentOutcome(PaymentKind.Unknown, null, "timeout"));

    public Task<PaymentOutcome> Release(string idempotencyKey, string reference, CancellationToken cancellationToken)
    {
        Released.Add(reference);
        return Task.FromResult(new PaymentOutcome(PaymentKind.Done, reference, null));
    }
}

/// <summary>A payment provider that carries everything out, once a key, and whose first answers are lost.</summary>
internal sealed class PaymentsWithLostAnswers(int lost) : IPaymentPort
{
    private int left = lost;

    public HashSet<string> Reserved { get; } = [];

    public Task<PaymentOutcome> Authorize(
        string idempotencyKey, Money amount, string token, CancellationToken cancellationToken)
    {
        Reserved.Add(idempotencyKey);
        return Task.FromResult(left-- > 0
            ? new PaymentOutcome(PaymentKind.Unknown, null, "timeout")
            : new PaymentOutcome(PaymentKind.Done, idempotencyKey, null));
    }

    public Task<PaymentOutcome> Release(string idempotencyKey, string reference, CancellationToken cancellationToken)
    {
        Reserved.Remove(reference);
        return Task.FromResult(new PaymentOutcome(PaymentKind.Done, reference, null));
    }
}
