using Florist.Kernel;
using Florist.Protos.Orders.V1;

namespace Florist.Orders;

/// <summary>Reports on promises from and to messages.</summary>
internal static class PromiseReports
{
    private const int DaysMax = 366;

    public static PromiseReport Read(SummarizePromisesRequest request, FieldChecks checks)
    {
        DateOnly from = DraftMessages.Day(request.StartDate, "start_date", checks);
        DateOnly until = DraftMessages.Day(request.EndDate, "end_date", checks);
        checks.That(from < until, "end_date", "OUT_OF_RANGE", "must be later than start_date");
        checks.That(
            until.DayNumber - from.DayNumber <= DaysMax, "end_date", "OUT_OF_RANGE", $"is more than {DaysMax} days on");
        string? courier = request.Courier.Length == 0 ? null : request.Courier;
        string[] parts = courier?.Split('/') ?? ["couriers", "any"];
        checks.That(
            parts is ["couriers", { Length: > 0 }], "courier", "NAME_INVALID", "is not of the form couriers/{courier}");
        return new PromiseReport(
            from,
            until,
            FieldReads.Choice<PromiseGrouping>("grouping", (int)request.Grouping, checks),
            courier is null ? null : parts[^1],
            request.RegionCode.Length == 0 ? null : request.RegionCode);
    }

    public static Protos.Orders.V1.Promise ToProto(OrderRecord order, Promise promise) => new()
    {
        Kind = (Protos.Orders.V1.Promise.Types.Kind)((int)promise.Kind + 1),
        State = (Protos.Orders.V1.Promise.Types.State)((int)promise.State + 1),
        DueTime = promise.DueAt?.ToProto(),
        ApologyTime = promise.ApologisedAt?.ToProto(),
        BreachTime = promise.BreachedAt?.ToProto(),
        GrantedAmount = promise.Compensation?.Granted is { Minor: > 0 } granted ? granted.ToProto() : null,
        Delivery = promise.Delivery is { } delivery ? $"{order.Id.Name}/deliveries/{delivery}" : "",
    };

    public static PromiseStatistics ToProto(PromiseSummary summary, PromiseGrouping grouping)
    {
        long judged = summary.Kept + summary.Breached;
        return new PromiseStatistics
        {
            Group = grouping == PromiseGrouping.Courier && summary.Group.Length > 0
                ? $"couriers/{summary.Group}"
                : summary.Group,
            GivenCount = summary.Given,
            KeptCount = summary.Kept,
            BreachedCount = summary.Breached,
            ApologisedFirstCount = summary.ApologisedFirst,
            ApologisedCount = summary.Apologised,
            MadeGoodCount = summary.MadeGood,
            GrantedAmount = summary.Granted.ToProto(),
            OnTimeRate = judged == 0 ? 0 : (double)summary.Kept / judged,
            ApologisedFirstRate = summary.Breached == 0 ? 0 : (double)summary.ApologisedFirst / summary.Breached,
        };
    }
}
