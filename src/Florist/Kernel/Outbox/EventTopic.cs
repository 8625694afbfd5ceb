namespace Florist.Kernel;

/// <summary>
/// A topic that tells what happened, declared by the feature that publishes it. Nobody has to listen: a message of it
/// without a handler is done. A message of any other topic without a handler is parked, because something undone waits.
/// </summary>
/// <param name="Name">The topic, as <c>orders.completed</c>.</param>
public sealed record EventTopic(string Name);
