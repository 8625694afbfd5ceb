using Florist.Messaging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Sms;

/// <summary>The wiring of the way out for text messages.</summary>
public static class SmsFeature
{
    /// <summary>
    /// Adds <see cref="ISmsTransport"/>: Twilio when <c>Sms:Twilio:AccountSid</c> is set, else a file. Needs a
    /// <see cref="TimeProvider"/>.
    /// </summary>
    /// <param name="services">Where to add it.</param>
    /// <param name="configuration">The whole configuration; the section <c>Sms</c> is read.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddSms(this IServiceCollection services, IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection("Sms");
        services.AddOptions<SmsOptions>().Bind(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SmsOptions>, SmsOptionsValidator>();
        if (string.IsNullOrEmpty(section["Twilio:AccountSid"]))
        {
            return services.AddSingleton<ISmsTransport, LogSmsTransport>();
        }

        // The handler's own loggers would write numbers, which stand in the addresses of look-ups.
        services
            .AddHttpClient<ISmsTransport, TwilioTransport>((provider, http) =>
                TwilioTransport.Configure(http, Of(provider)))
            .ConfigurePrimaryHttpMessageHandler(provider => Handler(Of(provider)))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        return services;
    }

    // Redirects are not followed, for they would carry a message elsewhere. Idle connections are dropped early: a
    // request on one that the other side is just closing ends uncertain.
    internal static SocketsHttpHandler Handler(TwilioOptions options) => new()
    {
        AllowAutoRedirect = false,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
    };

    private static TwilioOptions Of(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<SmsOptions>>().Value.Twilio;
}
