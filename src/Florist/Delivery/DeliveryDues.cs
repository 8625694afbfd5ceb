namespace Florist.Delivery;

/// <summary>What time alone does to a delivery: it becomes late, falls silent, and its proof goes missing.</summary>
internal static class DeliveryDues
{
    public static readonly TimeSpan SilenceMax = TimeSpan.FromHours(4);
    public static readonly TimeSpan ProofWait = TimeSpan.FromHours(1);

    /// <summary>When to look next; null when nothing is due any more.</summary>
    public static DateTimeOffset? Next(DeliveryRecord delivery) =>
        new[] { LateAt(delivery), StalledAt(delivery), ChaseAt(delivery) }.Min();

    /// <summary>The delivery after all that is due, and what to publish of it.</summary>
    public static (DeliveryRecord After, List<DeliveryChangeKind> Changes) Take(
        DeliveryRecord delivery, DateTimeOffset now)
    {
        DeliveryRecord after = delivery;
        List<DeliveryChangeKind> changes = [];
        if (LateAt(after) <= now)
        {
            after = after with { Late = true };
            changes.Add(DeliveryChangeKind.Late);
        }

        if (StalledAt(after) <= now)
        {
            after = after with { Stalled = true };
            changes.Add(DeliveryChangeKind.Stalled);
        }

        if (ChaseAt(after) <= now)
        {
            after = after with { ProofChased = true };
            changes.Add(DeliveryChangeKind.ProofMissing);
        }

        return (after, changes);
    }

    private static DateTimeOffset? LateAt(DeliveryRecord delivery) =>
        delivery.Late || delivery.State.IsTerminal() || delivery.Policy.Window.Until == DateTimeOffset.MaxValue
            ? null
            : delivery.Policy.Window.Until;

    private static DateTimeOffset? StalledAt(DeliveryRecord delivery)
    {
        DateTimeOffset until = delivery.Policy.Window.Until;
        if (delivery.Stalled || delivery.State.IsTerminal() || until == DateTimeOffset.MaxValue)
        {
            return null;
        }

        return (delivery.LastNewsAt > until ? delivery.LastNewsAt : until) + SilenceMax;
    }

    private static DateTimeOffset? ChaseAt(DeliveryRecord delivery) =>
        delivery.ProofPending && !delivery.ProofChased ? delivery.LastNewsAt + ProofWait : null;
}
