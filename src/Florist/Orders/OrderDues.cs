namespace Florist.Orders;

/// <summary>What time alone does to an order. Pure.</summary>
internal static class OrderDues
{
    /// <summary>The first thing that is due; null for nothing. What else is due is found at the next look.</summary>
    public static OrderChange? Take(OrderRecord order, DateTimeOffset now)
    {
        if (order.PendingChange?.ExpiresAt <= now)
        {
            return new AmendmentDropped(Declined: false);
        }

        if (order.OpenSubstitution is { } open && open.AnswerBy <= now)
        {
            return new SubstitutionAnswered(open with { State = SubstitutionState.Lapsed });
        }

        // What follows from the time by itself is done with every change.
        return order.Payment.NextDue <= now || order.Promises.NextDue <= now ? new TimePassed() : null;
    }
}
