using Florist.Orders;
using Microsoft.Extensions.DependencyInjection;

namespace Florist.Adapters.Payments;

/// <summary>Wiring of the way to the payment provider.</summary>
public static class PaymentsFeature
{
    /// <summary>
    /// Adds the simulator, the one provider there is so far: <c>tok_…</c> is accepted, <c>tok_declined</c> is not.
    /// </summary>
    public static IServiceCollection AddPayments(this IServiceCollection services)
    {
        services.AddOptions<PaymentsOptions>().BindConfiguration("Payments");
        return services.AddSingleton<IPaymentPort, PaymentSimulator>();
    }
}
