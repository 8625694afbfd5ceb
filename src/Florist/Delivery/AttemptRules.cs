namespace Florist.Delivery;

/// <summary>Whether one more attempt makes sense.</summary>
internal static class AttemptRules
{
    public const string UsedUp = "ATTEMPTS_USED_UP";

    /// <summary>
    /// Why flowers that set out at <paramref name="at"/> would not be worth it; null when they would.
    /// </summary>
    public static string? NotWorthIt(DeliveryPolicy policy, DateTimeOffset at)
    {
        if (policy.FreshUntil is { } freshUntil && at >= freshUntil)
        {
            return "NOT_FRESH";
        }

        return policy.WindowIsHard && at >= policy.Window.Until ? "WINDOW_PASSED" : null;
    }
}
