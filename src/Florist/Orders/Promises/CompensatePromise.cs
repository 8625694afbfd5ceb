using System.Globalization;
using Florist.Kernel;
using Microsoft.Extensions.Options;
using Orleans;

namespace Florist.Orders;

/// <summary>
/// Takes what a broken promise is worth out of the customer's budget and the day's, and tells the order what there was.
/// Each step is safe to repeat, so a repeat after a crash ends in the same grant.
/// </summary>
internal sealed class CompensatePromise(IGrainFactory grains, IOptions<OrdersOptions> options, TimeProvider time)
    : IOutboxHandler
{
    /// <summary>The topic; body <see cref="PromiseCompensation"/>.</summary>
    public const string TopicName = "orders.compensate_promise";

    public string Topic => TopicName;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        PromiseCompensation asked = message.Read<PromiseCompensation>();
        PromiseOptions promises = options.Value.Promises;
        string key = string.Create(CultureInfo.InvariantCulture, $"{asked.OrderId}:{asked.Number}");
        IGoodwillGrain customer = grains.GetGrain<IGoodwillGrain>($"customer-{asked.CustomerId}");
        Money ofCustomer = await customer.Take(new TakeGoodwill(
            key,
            asked.Wanted,
            Cap(promises.CustomerCaps, asked.Wanted.Currency),
            time.GetUtcNow().AddDays(-promises.CustomerCapDays)));
        Money granted = await grains
            .GetGrain<IGoodwillGrain>(string.Create(CultureInfo.InvariantCulture, $"day-{asked.Day:yyyy-MM-dd}"))
            .Take(new TakeGoodwill(
                key, ofCustomer, Cap(promises.DayCaps, asked.Wanted.Currency), DateTimeOffset.MinValue));
        if (granted.Minor < ofCustomer.Minor)
        {
            await customer.Keep(new KeepGoodwill(key, granted));
        }

        Outcome<Done> told = await grains.GetGrain<IOrderPaymentsGrain>(asked.OrderId.Value)
            .Compensate(new CompensateOrder(asked.Number, granted));
        return told.Fault is { } fault ? OutboxResult.Retry(fault.Reason) : OutboxResult.Done;
    }

    private static Money Cap(Dictionary<string, long> caps, string currency) =>
        new(caps.GetValueOrDefault(currency), currency);
}
