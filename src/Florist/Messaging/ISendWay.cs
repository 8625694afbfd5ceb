using Florist.Customers;

namespace Florist.Messaging;

/// <summary>How messages of one channel are rendered, handed to the provider and asked about.</summary>
internal interface ISendWay
{
    /// <summary>The channel.</summary>
    Channel Channel { get; }

    /// <summary>The topic of the orders to send on it.</summary>
    string Topic { get; }

    /// <summary>What its provider takes in any one second, at most.</summary>
    int PerSecondMax(MessagingOptions options);

    /// <summary>Makes the text, always the same for the same permit.</summary>
    /// <exception cref="MessageRenderException">The template is wrong.</exception>
    IReadyMessage Render(SendPermit permit);
}

/// <summary>A message that is ready to leave.</summary>
internal interface IReadyMessage
{
    /// <summary>Its subject; null for none.</summary>
    string? Subject { get; }

    /// <summary>Hands it to the provider, once.</summary>
    Task<SendOutcome> Send(DateTimeOffset now, CancellationToken cancel);

    /// <summary>Asks the provider whether it has taken it in an earlier attempt.</summary>
    Task<LookupOutcome> Ask(LookupHint hint, CancellationToken cancel);
}
