using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Florist.Kernel;
using Orleans;
using Orleans.Runtime;

namespace Florist.Delivery;

/// <summary>
/// What one courier has to do, for those who watch it; the key is the courier's id. It keeps nothing: what is true
/// stands in the rows of the orders, and a watcher of an earlier desk begins anew.
/// </summary>
public interface ICourierDeskGrain : IGrainWithStringKey
{
    /// <summary>Looks up a delivery that may have changed. Safe to repeat.</summary>
    Task<Done> Look(string orderId, DeliveryId delivery);

    /// <summary>
    /// What there is to do and how it changes, coalesced: a slow reader misses steps, never the last one.
    /// </summary>
    /// <param name="after">Where the reader stopped; null begins with everything.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    IAsyncEnumerable<DeskVersion> Watch(DeskPosition? after, CancellationToken cancellationToken);
}

/// <summary>How far a watcher has come.</summary>
/// <param name="Desk">At which desk: another one each time that it is set up.</param>
/// <param name="Revision">Changes there so far.</param>
public sealed record DeskPosition(string Desk, long Revision);

/// <summary>What a watcher of a desk gets.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="IsWhole">True when it is everything, whatever the watcher had before.</param>
/// <param name="Assignments">What is new or changed.</param>
/// <param name="Ended">Names of deliveries that are none of the courier's affair any more.</param>
public sealed record DeskVersion(
    DeskPosition Position,
    bool IsWhole,
    ImmutableArray<CourierAssignment> Assignments,
    ImmutableArray<string> Ended);

[GrainType("courier-desk")]
internal sealed class CourierDeskGrain(ICourierQueries queries, IIds ids) : Grain, ICourierDeskGrain
{
    private const int EndedMax = 256;

    private readonly Dictionary<string, Entry> open = new(StringComparer.Ordinal);
    private readonly Queue<Ending> ended = new();
    private readonly string desk = ids.Next();
    private TaskCompletionSource changed = NewSignal();
    private long revision;
    private long forgottenUntil;

    private CourierId Courier => new(this.GetPrimaryKeyString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        string? after = null;
        do
        {
            Page<CourierAssignment> page = await queries.Assignments(
                Courier, new PageRequest(PageRequest.SizeMax, after), cancellationToken);
            foreach (CourierAssignment assignment in page.Items)
            {
                open[assignment.Name] = new Entry(assignment, 0);
            }

            after = page.Next;
        }
        while (after is not null);
    }

    public async Task<Done> Look(string orderId, DeliveryId delivery)
    {
        CourierAssignment? found = await queries.Assignment(orderId, delivery, CancellationToken.None);
        string name = DeliveryNames.Delivery(orderId, delivery);
        if (found is not null && found.Courier == Courier)
        {
            if (!open.TryGetValue(name, out Entry? known)
                || FloristJson.Write(known.Assignment) != FloristJson.Write(found))
            {
                open[name] = new Entry(found, ++revision);
                Signal();
            }
        }
        else if (open.Remove(name))
        {
            ended.Enqueue(new Ending(name, ++revision));
            if (ended.Count > EndedMax)
            {
                forgottenUntil = ended.Dequeue().Revision;
            }

            Signal();
        }

        return Done.Value;
    }

    public async IAsyncEnumerable<DeskVersion> Watch(
        DeskPosition? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DeskPosition? seen = after;
        while (true)
        {
            // Taken before the state is read: a change in between completes this very signal.
            Task next = changed.Task;
            DeskVersion version = Since(seen);
            seen = version.Position;
            yield return version;
            await next.WaitAsync(cancellationToken);
        }
    }

    private DeskVersion Since(DeskPosition? seen)
    {
        DeskPosition position = new(desk, revision);
        bool isWhole = seen is null || seen.Desk != desk || seen.Revision < forgottenUntil;
        long from = isWhole || seen is null ? -1 : seen.Revision;
        ImmutableArray<CourierAssignment> changes =
        [
            .. open.Values.Where(entry => entry.Revision > from)
                .OrderBy(entry => entry.Assignment.Name, StringComparer.Ordinal)
                .Select(entry => entry.Assignment),
        ];

        // One that ended and was taken on again is there once more.
        ImmutableArray<string> ends = isWhole
            ? []
            : [.. ended.Where(one => one.Revision > from && !open.ContainsKey(one.Name)).Select(one => one.Name)];
        return new DeskVersion(position, isWhole, changes, ends);
    }

    private void Signal()
    {
        TaskCompletionSource signal = changed;
        changed = NewSignal();
        signal.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Entry(CourierAssignment Assignment, long Revision);

    private sealed record Ending(string Name, long Revision);
}
