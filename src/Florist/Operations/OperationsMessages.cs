using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Protos.Operations.V1;
using Google.Protobuf.WellKnownTypes;
using ActionMessage = Florist.Protos.Operations.V1.OperatorAction;
using ChannelMessage = Florist.Protos.Customers.V1.Customer.Types.Channel;
using ItemMessage = Florist.Protos.Operations.V1.ParkedItem;
using KindMessage = Florist.Protos.Messaging.V1.Message.Types.Kind;
using PauseMessage = Florist.Protos.Operations.V1.SendPause;

namespace Florist.Operations;

/// <summary>Messages of this feature to and from the contract's.</summary>
internal static class OperationsMessages
{
    private const int ReasonLengthMax = 200;

    /// <summary>Who orders it and why, as a request says.</summary>
    public static OperatorOrder ReadOrder(Caller caller, string requestId, string reason, FieldChecks checks) => new(
        checks.RequestId(requestId), caller.Principal, checks.Text("reason", reason, ReasonLengthMax));

    /// <summary>What to pause.</summary>
    public static SendScope ReadScope(PauseSendsRequest request, FieldChecks checks) => new(
        FieldReads.Optional<Channel>("channel", (int)request.Channel, checks),
        FieldReads.Optional<MessageKind>("kind", (int)request.Kind, checks));

    /// <summary>Which items an order is about: named ones, or those of a filter.</summary>
    public static HandleParked ReadParked(
        OperatorOrder order,
        ParkedVerb verb,
        IReadOnlyList<string> names,
        string filter,
        string etag,
        bool validateOnly,
        FieldChecks checks)
    {
        checks.That(
            names.Count > 0 != filter.Length > 0, "names", "NAMES_OR_FILTER", "give either names or a filter");
        checks.That(
            names.Count <= IParkedItemsGrain.ItemsMax,
            "names",
            "TOO_MANY_NAMES",
            $"are more than {IParkedItemsGrain.ItemsMax}");
        checks.That(etag.Length == 0 || names.Count == 1, "etag", "ETAG_OF_ONE", "goes with exactly one name");
        ImmutableArray<ParkedId>.Builder items = ImmutableArray.CreateBuilder<ParkedId>();
        for (int i = 0; i < names.Count; i++)
        {
            bool isName = ParkedNames.TryRead(names[i], out ParkedId? id);
            checks.That(isName, $"names[{i}]", "NAME_INVALID", "is not of the form parkedItems/{parked_item}");
            if (id is not null && !items.Contains(id))
            {
                items.Add(id);
            }
        }

        return new HandleParked(
            order,
            verb,
            items.ToImmutable(),
            names.Count > 0 ? null : filter,
            etag.Length == 0 ? null : etag,
            validateOnly);
    }

    /// <summary>The resource.</summary>
    public static ItemMessage ToProto(this Kernel.ParkedItem item) => new()
    {
        Name = ParkedNames.Name(item.Id),
        Source = item.Source.ToProto(),
        Subject = item.Subject,
        Key = item.Key,
        Reason = item.Reason,
        AttemptCount = item.Attempts,
        ParkTime = item.ParkedAt.ToProto(),
        Etag = item.Etag,
    };

    /// <summary>The resource.</summary>
    public static PauseMessage ToProto(this Messaging.SendPause pause) => new()
    {
        Name = pause.Name,
        Channel = (ChannelMessage)(pause.Scope.Channel is { } channel ? (int)channel + 1 : 0),
        Kind = (KindMessage)(pause.Scope.Kind is { } kind ? (int)kind + 1 : 0),
        Reason = pause.Reason,
        Actor = pause.Actor,
        CreateTime = pause.Since.ToProto(),
        Etag = Etags.Of(pause.Revision),
    };

    /// <summary>The resource.</summary>
    public static ActionMessage ToProto(this Kernel.OperatorAction action) => new()
    {
        Name = $"operatorActions/{action.Id}",
        Actor = action.Actor,
        Verb = action.Verb,
        Subject = action.Subject,
        Reason = action.Reason,
        CreateTime = action.At.ToProto(),
        Completed = action.Completed,
        ItemCount = action.ItemCount,
    };

    /// <summary>A lane of the status.</summary>
    public static EngineStatus.Types.Lane ToProto(this LaneReading lane, DateTimeOffset now) => new()
    {
        Queue = lane.Queue.ToString().ToUpperInvariant(),
        Lane_ = lane.Lane.ToUpperInvariant(),
        DueCount = lane.Due,
        OldestDueTime = lane.OldestDue?.ToProto(),
        Lag = lane.OldestDue is { } due ? Duration.FromTimeSpan(now > due ? now - due : TimeSpan.Zero) : null,
    };

    /// <summary>A count of the status.</summary>
    public static EngineStatus.Types.ParkedCount ToProto(this Kernel.ParkedCount count) => new()
    {
        Source = count.Source.ToProto(),
        Count = count.Count,
        OldestTime = count.Oldest.ToProto(),
    };

    /// <summary>The disk of the status; null where there is none of ours.</summary>
    public static EngineStatus.Types.Disk? ToProto(this StorageRoom? room) => room is null
        ? null
        : new EngineStatus.Types.Disk
        {
            FreeBytes = room.FreeBytes,
            LowBytes = room.LowBytes,
            MinBytes = room.MinBytes,
            WalBytes = room.WalBytes,
        };

    private static ItemMessage.Types.Source ToProto(this ParkedSource source) =>
        (ItemMessage.Types.Source)((int)source + 1);
}
