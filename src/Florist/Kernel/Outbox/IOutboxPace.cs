namespace Florist.Kernel;

/// <summary>
/// How fast messages of a topic may be handed over. Those that have to wait stay in the table and hold up nobody.
/// </summary>
public interface IOutboxPace
{
    /// <summary>
    /// When the next message of a class may go by the product's clock; the present or earlier when one may go now.
    /// </summary>
    DateTimeOffset OpensAt(OutboxClass @class);

    /// <summary>Takes the leave for one message.</summary>
    /// <returns>False when none of this class may go now.</returns>
    bool TryTake(OutboxClass @class);
}
