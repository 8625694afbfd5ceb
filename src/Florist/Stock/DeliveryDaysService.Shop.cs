using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Protos.Stock.V1;
using Google.Protobuf.Collections;
using Grpc.Core;
using Proto = Florist.Protos.Stock.V1.DeliveryDay;

namespace Florist.Stock;

/// <summary>What the shop changes about its days.</summary>
internal sealed partial class DeliveryDaysService
{
    private const int NoteLengthMax = 200;

    public override async Task<Proto> UpdateDeliveryDay(UpdateDeliveryDayRequest request, ServerCallContext context)
    {
        Proto sent = request.DeliveryDay
            ?? throw Fault.Invalid("delivery_day", "REQUIRED", "is required").ToException();
        DayKey key = Named(sent.Name, "delivery_day.name");
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        ImmutableArray<string> paths = FieldMasks.Paths(request.UpdateMask, sent, DayPlanMessages.Settable, checks);
        DayPlan plan = DayPlanMessages.Read(FieldMasks.Only(sent, paths), checks);
        ThrowIfWrong(checks);
        ImmutableArray<PlanPart> parts = [.. paths.Select(DayPlanMessages.PartOf)];
        PlanDay command = new(requestId, OrNull(sent.Etag), By(context), plan, parts);
        return (await Grain(key).Plan(command)).OrThrow().ToProto(plans);
    }

    public override async Task<Proto> ReceiveStems(ReceiveStemsRequest request, ServerCallContext context)
    {
        DayKey key = Named(request.Name, "name");
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        string? batch = checks.OptionalText("batch", request.Batch, NoteLengthMax);
        ImmutableSortedDictionary<string, int> stems = Stems(request.Stems, 1, checks);
        checks.That(!stems.IsEmpty, "stems", "REQUIRED", "at least one stem is required");
        ThrowIfWrong(checks);
        ReceiveStems command = new(requestId, By(context), batch, stems);
        return (await Grain(key).Receive(command)).OrThrow().ToProto(plans);
    }

    public override async Task<Proto> AdjustStems(AdjustStemsRequest request, ServerCallContext context)
    {
        DayKey key = Named(request.Name, "name");
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        string? reason = checks.OptionalText("reason", request.Reason, NoteLengthMax);
        ImmutableSortedDictionary<string, int> stems = Stems(request.Stems, -StaffRules.CountMax, checks);
        checks.That(!stems.IsEmpty, "stems", "REQUIRED", "at least one stem is required");
        ThrowIfWrong(checks);
        MovementKind kind = request.Wasted ? MovementKind.Wasted : MovementKind.Recounted;
        AdjustStems command = new(requestId, OrNull(request.Etag), By(context), kind, reason, stems);
        return (await Grain(key).Adjust(command)).OrThrow().ToProto(plans);
    }

    public override async Task<Proto> OverrideDeliveryDay(
        OverrideDeliveryDayRequest request, ServerCallContext context)
    {
        DayKey key = Named(request.Name, "name");
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        string reason = checks.Text("reason", request.Reason, NoteLengthMax);
        ImmutableSortedDictionary<string, int> stems = Stems(request.Stems, 1, checks);
        ImmutableSortedDictionary<string, int> places = Numbers(
            request.Slots.Select(slot => (slot.SlotId, slot.Count)), "slots", "slot_id", 1, checks);
        checks.That(!stems.IsEmpty || !places.IsEmpty, "slots", "REQUIRED", "slots or stems are required");
        ThrowIfWrong(checks);
        OverrideDay command = new(requestId, By(context), reason, places, stems);
        return (await Grain(key).Override(command)).OrThrow().ToProto(plans);
    }

    private static ImmutableSortedDictionary<string, int> Stems(
        RepeatedField<StemQuantity> stems, int least, FieldChecks checks) => Numbers(
        stems.Select(stem => (stem.StemId, stem.Count)), "stems", "stem_id", least, checks);

    private static ImmutableSortedDictionary<string, int> Numbers(
        IEnumerable<(string Id, int Count)> sent, string field, string idField, int least, FieldChecks checks)
    {
        ImmutableSortedDictionary<string, int>.Builder numbers =
            ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        int i = 0;
        foreach ((string id, int count) in sent.Take(StaffRules.StemsMax + 1))
        {
            checks.That(StockNames.IsId(id), $"{field}[{i}].{idField}", "ID_INVALID", "is no id");
            checks.That(
                count >= least && count != 0 && count <= StaffRules.CountMax,
                $"{field}[{i}].count",
                "OUT_OF_RANGE",
                $"must be {least} to {StaffRules.CountMax}, and not 0");
            checks.That(numbers.TryAdd(id, count), $"{field}[{i}].{idField}", "DUPLICATE", "stands there twice");
            i++;
        }

        checks.That(i <= StaffRules.StemsMax, field, "TOO_MANY", $"more than {StaffRules.StemsMax}");
        return numbers.ToImmutable();
    }

    private static string By(ServerCallContext context) => Caller.Of(context).Principal;

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
