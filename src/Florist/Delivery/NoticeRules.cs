namespace Florist.Delivery;

/// <summary>Which step calls for a notice: each kind once a delivery, and never when it is old news.</summary>
internal static class NoticeRules
{
    /// <summary>Progress that was reported later than this is of no use to anybody waiting at the door.</summary>
    public static readonly TimeSpan ProgressAgeMax = TimeSpan.FromMinutes(30);

    /// <summary>Nothing older is told at all.</summary>
    public static readonly TimeSpan AgeMax = TimeSpan.FromHours(48);

    /// <summary>The notice for entering a state, or none.</summary>
    public static Notices For(DeliveryRecord before, DeliveryState entered, DateTimeOffset at, DateTimeOffset now) =>
        Once(before, KindOf(entered), at, now);

    /// <summary>The notice, unless it has gone out or is too late.</summary>
    public static Notices Once(DeliveryRecord before, Notices kind, DateTimeOffset at, DateTimeOffset now)
    {
        bool isProgress = kind is Notices.OutForDelivery or Notices.NearlyThere or Notices.Arrived;
        return (before.Notified & kind) != 0 || now - at > (isProgress ? ProgressAgeMax : AgeMax) ? Notices.None : kind;
    }

    private static Notices KindOf(DeliveryState state) => state switch
    {
        DeliveryState.OutForDelivery => Notices.OutForDelivery,
        DeliveryState.Arrived => Notices.Arrived,
        DeliveryState.AttemptFailed => Notices.AttemptFailed,
        DeliveryState.Returning => Notices.Returning,
        DeliveryState.Delivered => Notices.Delivered,
        DeliveryState.Returned => Notices.Returned,
        DeliveryState.Failed => Notices.Failed,
        DeliveryState.Cancelled => Notices.Cancelled,
        _ => Notices.None,
    };
}
