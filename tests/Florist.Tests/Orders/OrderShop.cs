using Florist.Adapters.Payments;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Orders;
using Florist.Stock;
using Florist.Tests.Catalogue;
using Florist.Tests.Testing;
using Florist.Vouchers;
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
            services.AddVouchers();
            services.AddOrders();
            services.AddPayments();
            services.AddSingleton(new EventTopic(DeliveryEvents.Changed));
            services.AddSingleton(new EventTopic(DeliveryEvents.AssignmentsChanged));
            more?.Invoke(services);
        }

        TestShop shop = await TestShop.Start(Configure, postgres);
        shop.Time.Set(OrderSamples.Morning);
        return shop;
    }

    /// <summary>Another way to the payment provider.</summary>
    public static void Replace(this IServiceCollection services, IPaymentPort payments) =>
        services.AddSingleton(payments);

    /// <summary>A courier takes a delivery on and collects the flowers.</summary>
    public static async Task CollectedBy(this TestShop shop, string courier, string id, string delivery = "d1")
    {
        (await shop.Grain<IDeliveryGrain>(id).Assign(new AssignDelivery(
            null, new(delivery), new(DeliveryRole.Dispatcher, "staff:sam"), new(courier), null))).OrThrow();
        await shop.Reports(courier, id, delivery, DeliveryState.OutForDelivery);
    }

    /// <summary>A courier reports a step of a delivery, as of now.</summary>
    public static async Task<Disposition> Reports(
        this TestShop shop,
        string courier,
        string id,
        string delivery,
        DeliveryState state,
        FailureReason? why = null) => await shop.Reports(courier, id, delivery, new StateReport
        {
            State = state,
            FailureReason = why,
            Outcome = state == DeliveryState.Delivered ? DeliveryOutcome.HandedToRecipient : null,
        });

    /// <summary>A courier reports a step of a delivery, as of now.</summary>
    public static async Task<Disposition> Reports(
        this TestShop shop, string courier, string id, string delivery, StateReport report)
    {
        DeliveryRecord present = (await shop.Grain<IDeliveryGrain>(id).Deliveries()).OrThrow()
            .Single(one => one.Id.Value == delivery);
        ReportAnswer answer = (await shop.Grain<IDeliveryGrain>(id).Report(new CourierReport
        {
            Courier = new CourierId(courier),
            EventId = $"{delivery}-{report.State}-{present.Attempt}-{present.Revision}",
            Delivery = new DeliveryId(delivery),
            Leg = present.Leg,
            Attempt = present.Attempt,
            OccurTime = shop.Time.GetUtcNow(),
            State = report,
        })).OrThrow();
        return answer.Disposition;
    }

    public static async Task<OrderRecord> Order(this TestShop shop, string id) =>
        (await shop.Grain<IOrderGrain>(id).Get()).OrThrow();
}

/// <summary>A payment provider that is not to be reached, but takes releases.</summary>
internal sealed class PaymentsThatNeverAnswer : IPaymentPort
{
    private static readonly PaymentOutcome Silence = new(PaymentKind.Unknown, null, "timeout");

    public List<string> Released { get; } = [];

    public Task<PaymentOutcome> Authorize(
        string idempotencyKey, Money amount, string token, CancellationToken cancellationToken) =>
        Task.FromResult(Silence);

    public Task<PaymentOutcome> Capture(
        string idempotencyKey, string reference, Money amount, CancellationToken cancellationToken) =>
        Task.FromResult(Silence);

    public Task<PaymentOutcome> Refund(
        string idempotencyKey, string reference, Money amount, CancellationToken cancellationToken) =>
        Task.FromResult(Silence);

    public Task<PaymentOutcome> Find(string idempotencyKey, CancellationToken cancellationToken) =>
        Task.FromResult(Silence);

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

    public List<string> Calls { get; } = [];

    public Task<PaymentOutcome> Authorize(
        string idempotencyKey, Money amount, string token, CancellationToken cancellationToken)
    {
        Reserved.Add(idempotencyKey);
        return Answered(idempotencyKey, idempotencyKey);
    }

    public Task<PaymentOutcome> Capture(
        string idempotencyKey, string reference, Money amount, CancellationToken cancellationToken) =>
        Answered(idempotencyKey, reference);

    public Task<PaymentOutcome> Refund(
        string idempotencyKey, string reference, Money amount, CancellationToken cancellationToken) =>
        Answered(idempotencyKey, reference);

    public Task<PaymentOutcome> Release(string idempotencyKey, string reference, CancellationToken cancellationToken)
    {
        Reserved.Remove(reference);
        return Answered(idempotencyKey, reference);
    }

    public Task<PaymentOutcome> Find(string idempotencyKey, CancellationToken cancellationToken) =>
        Task.FromResult(left-- > 0
            ? new PaymentOutcome(PaymentKind.Unknown, null, "timeout")
            : Calls.Contains(idempotencyKey)
                ? new PaymentOutcome(PaymentKind.Done, idempotencyKey, null)
                : new PaymentOutcome(PaymentKind.NotFound, null, "not_found"));

    private Task<PaymentOutcome> Answered(string key, string reference)
    {
        Calls.Add(key);
        return Task.FromResult(left-- > 0
            ? new PaymentOutcome(PaymentKind.Unknown, null, "timeout")
            : new PaymentOutcome(PaymentKind.Done, reference, null));
    }
}
