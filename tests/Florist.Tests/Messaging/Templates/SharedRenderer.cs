using Florist.Adapters.Templates;
using Florist.Messaging;
using Microsoft.Extensions.Options;

namespace Florist.Tests.Messaging.Templates;

/// <summary>The renderer with the default brand, for all tests.</summary>
internal static class SharedRenderer
{
    public static readonly TemplateRenderer Value = new(Options.Create(new MessagingOptions()));
}
