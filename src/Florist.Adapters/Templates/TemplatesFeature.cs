using Florist.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace Florist.Adapters.Templates;

/// <summary>The wiring of the message templates.</summary>
public static class TemplatesFeature
{
    /// <summary>Adds <see cref="IMessageRenderer"/>.</summary>
    /// <param name="services">Where to add it.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddTemplates(this IServiceCollection services) =>
        services.AddSingleton<IMessageRenderer, TemplateRenderer>();
}
