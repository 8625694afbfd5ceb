using Florist.Orders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Payments;

/// <summary>Wiring of the way to the payment provider.</summary>
public static class PaymentsFeature
{
    /// <summary>
    /// Adds the simulator, the one provider there is so far: <c>tok_…</c> is accepted, <c>tok_declined</c> is not,
    /// and other magic tokens stand for what else happens to payments.
    /// </summary>
    public static IServiceCollection AddPayments(this IServiceCollection services)
    {
        services.AddOptions<PaymentsOptions>().BindConfiguration("Payments").ValidateOnStart();
        services.AddSingleton<IValidateOptions<PaymentsOptions>, PaymentsOptionsValidator>();
        services.AddSingleton<PaymentSignals>();
        services.AddSingleton<IPaymentSignals>(provider => provider.GetRequiredService<PaymentSignals>());
        services.AddSingleton<PaymentSimulator>();
        return services.AddSingleton<IPaymentPort>(provider => provider.GetRequiredService<PaymentSimulator>());
    }

    /// <summary>The page where a payer confirms a simulated payment, or refuses it.</summary>
    public static IEndpointRouteBuilder MapPayments(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet($"{PaymentSimulator.ConfirmPath}/{{reference}}", (string reference) => Results.Text(
            $"A simulated bank asks: is this payment yours?\nPOST {PaymentSimulator.ConfirmPath}/{reference}/confirm"
            + " or …/refuse\n"));
        endpoints.MapPost($"{PaymentSimulator.ConfirmPath}/{{reference}}/{{word:regex(^(confirm|refuse)$)}}", Confirm);
        return endpoints;
    }

    private static async Task<IResult> Confirm(string reference, string word, PaymentSimulator simulator) =>
        await simulator.Confirm(reference, agrees: word == "confirm") ? Results.NoContent() : Results.NotFound();
}
