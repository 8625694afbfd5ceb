using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Google.Type;
using Proto = Florist.Protos.Delivery.V1.Delivery;

namespace Florist.Delivery.Webhooks;

/// <summary>What a webhook says, as the events that a courier would have reported itself. Pure.</summary>
internal static class WebhookEvents
{
    // They tell an instant; nobody is there to the minute.
    private static readonly TimeSpan EtaEarlier = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan EtaLater = TimeSpan.FromMinutes(10);

    /// <summary>The events, the step first.</summary>
    /// <param name="news">What it says.</param>
    /// <param name="leg">Of which leg.</param>
    /// <param name="now">The time of receipt, for those who tell none.</param>
    public static ImmutableArray<DeliveryEvent> Of(WebhookNews news, LegReference leg, DateTimeOffset now)
    {
        List<DeliveryEvent> events = [];
        switch (news.Word.Kind)
        {
            case WordKind.State:
                events.Add(Step(news, leg, now, news.Word.State));
                break;
            case WordKind.Unknown:
                DeliveryEvent remark = Event(news, leg, now, "");
                string word = Cut(news.RawStatus, 100);
                remark.Note = new() { Text = $"The courier says '{word}', which is not known here." };
                events.Add(remark);
                break;
            default:
                break;
        }

        bool onTheWay = news.Word is not { Kind: WordKind.State, State: DeliveryState.Delivered };
        if (onTheWay && (news.Eta is not null || news.IsNear))
        {
            DateTimeOffset eta = news.Eta ?? news.OccurredAt ?? now;
            DeliveryEvent estimate = Event(news, leg, now, "-eta");
            estimate.EtaReport = new()
            {
                EarliestTime = (eta - EtaEarlier).ToProto(),
                LatestTime = (eta + EtaLater).ToProto(),
                NearDropoff = news.IsNear,
            };
            events.Add(estimate);
        }

        if (news.Location is { } at)
        {
            DeliveryEvent position = Event(news, leg, now, "-at");
            position.LocationReport = new()
            {
                Position = new LatLng { Latitude = at.Latitude, Longitude = at.Longitude },
            };
            events.Add(position);
        }

        return [.. events];
    }

    /// <summary>A step.</summary>
    public static DeliveryEvent Step(WebhookNews news, LegReference leg, DateTimeOffset now, DeliveryState state)
    {
        DeliveryEvent step = Event(news, leg, now, "");
        bool failed = state is DeliveryState.AttemptFailed or DeliveryState.Returning or DeliveryState.Failed;
        FailureReason reason = ReasonFor(state, news.Reason);
        step.StateReport = new()
        {
            State = (Proto.Types.State)((int)state + 1),
            FailureReason = failed ? (Proto.Types.FailureReason)((int)reason + 1) : default,
            FailureText = failed ? Cut(news.ReasonText ?? news.RawStatus, ReportChecks.TextLengthMax) : "",
            DriverGivenName = news.DriverName ?? "",
        };
        return step;
    }

    private static FailureReason ReasonFor(DeliveryState state, FailureReason? told) => state switch
    {
        // Flowers are lost for one of four reasons; theirs stands beside it in words.
        DeliveryState.Failed => told is FailureReason.ItemDamaged or FailureReason.Lost or FailureReason.Accident
            ? told.Value
            : FailureReason.CouldNotReturn,
        _ => told ?? FailureReason.Other,
    };

    private static DeliveryEvent Event(WebhookNews news, LegReference leg, DateTimeOffset now, string suffix) => new()
    {
        EventId = news.EventId + suffix,
        Delivery = leg.DeliveryName,
        Leg = leg.Leg,
        OccurTime = (news.OccurredAt ?? now).ToProto(),
        RawStatus = Cut(news.RawStatus, ReportChecks.RawStatusLengthMax),
    };

    private static string Cut(string text, int lengthMax) => text.Length <= lengthMax ? text : text[..lengthMax];
}
