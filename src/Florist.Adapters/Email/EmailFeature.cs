using Florist.Messaging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Email;

/// <summary>The wiring of the way out for e-mails.</summary>
public static class EmailFeature
{
    /// <summary>
    /// Adds <see cref="IEmailTransport"/>: a submission server when <c>Email:Smtp:Host</c> is set, else a folder.
    /// </summary>
    /// <param name="services">Where to add it.</param>
    /// <param name="configuration">The whole configuration; the section <c>Email</c> is read.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddEmail(this IServiceCollection services, IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection("Email");
        services.AddOptions<EmailOptions>().Bind(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EmailOptions>, EmailOptionsValidator>();
        return string.IsNullOrEmpty(section["Smtp:Host"])
            ? services.AddSingleton<IEmailTransport, FolderEmailTransport>()
            : services.AddSingleton<IEmailTransport, SmtpTransport>();
    }
}
