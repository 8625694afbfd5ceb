using System.Collections.Immutable;
using Orleans.Runtime;

namespace Florist.Kernel;

/// <summary>
/// The wake-ups of the next minutes in memory: filled by polls of the table, kept up by commits, and always bounded.
/// The table stays the truth. What is missing here is found by the next poll; what is here too much wakes a grain that
/// finds nothing to do.
/// </summary>
/// <param name="rowsMax">What a poll of one class reads at most; twice as much is kept at most.</param>
internal sealed class WakeWindow(int rowsMax)
{
    private static readonly Comparer<WakeRow> Earliest = Comparer<WakeRow>.Create(static (one, other) =>
    {
        int order = one.NotBefore.CompareTo(other.NotBefore);
        return order != 0 ? order : one.Grain.CompareTo(other.Grain);
    });

    private readonly Lock gate = new();
    private readonly Dictionary<GrainId, WakeRow> rows = [];
    private readonly Dictionary<GrainId, WakeRow> begun = [];
    private readonly List<Poll> polls = [];
    private readonly SortedSet<WakeRow>[] lanes =
        [.. Enum.GetValues<WakeClass>().Select(_ => new SortedSet<WakeRow>(Earliest))];

    // Every row of the class that is ready before this instant is in memory.
    private readonly DateTimeOffset[] completeUntil =
        [.. Enum.GetValues<WakeClass>().Select(_ => DateTimeOffset.MinValue)];

    /// <summary>Rows in memory.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return rows.Count;
            }
        }
    }

    /// <summary>True when rows ready by this instant may be missing, and fewer than wanted are known.</summary>
    public bool NeedsPoll(WakeClass lane, DateTimeOffset now, int wanted)
    {
        lock (gate)
        {
            return completeUntil[(int)lane] <= now
                && ReadyRows(lane, now).Take(wanted).Count() < wanted;
        }
    }

    /// <summary>To be called before the table is read: commits from then on are newer than what is read.</summary>
    public Poll BeginPoll()
    {
        Poll poll = new();
        lock (gate)
        {
            polls.Add(poll);
        }

        return poll;
    }

    /// <summary>Ends a poll that read nothing.</summary>
    public void Abandon(Poll poll)
    {
        lock (gate)
        {
            polls.Remove(poll);
        }
    }

    /// <summary>Takes over what a poll has read: the rows of a class that are ready until an instant.</summary>
    public void Merge(Poll poll, WakeQuery asked, ImmutableArray<WakeRow> read)
    {
        lock (gate)
        {
            polls.Remove(poll);
            SortedSet<WakeRow> lane = lanes[(int)asked.Class];
            foreach (WakeRow stale in lane
                .Where(row => row.NotBefore >= asked.From && !poll.Changed.Contains(row.Grain)).ToList())
            {
                Remove(stale);
            }

            foreach (WakeRow row in read.Where(row => !poll.Changed.Contains(row.Grain)))
            {
                Put(row);
            }

            completeUntil[(int)asked.Class] = read.Length < asked.Max ? asked.Until : read[^1].NotBefore;
        }
    }

    /// <summary>Takes over what a commit made of a grain's wake-up.</summary>
    public void Apply(WakeChange change)
    {
        lock (gate)
        {
            foreach (Poll poll in polls)
            {
                poll.Changed.Add(change.Grain);
            }

            if (rows.TryGetValue(change.Grain, out WakeRow? old))
            {
                Remove(old);
            }

            if (change.DueAt is { } due && due < completeUntil[(int)change.Class])
            {
                Put(new WakeRow(change.Grain, due, change.Class, 0, due));
                Trim(change.Class);
            }
        }
    }

    /// <summary>Rows of a class that are ready and not under way, earliest first.</summary>
    public ImmutableArray<WakeRow> Ready(WakeClass lane, DateTimeOffset now, int max)
    {
        lock (gate)
        {
            return [.. ReadyRows(lane, now).Take(max)];
        }
    }

    /// <summary>Takes a row out to carry it out.</summary>
    /// <returns>False when it is not here any more as it was, or its grain is being woken.</returns>
    public bool TryBegin(WakeRow row)
    {
        lock (gate)
        {
            if (rows.GetValueOrDefault(row.Grain) != row || !begun.TryAdd(row.Grain, row))
            {
                return false;
            }

            Remove(row);
            return true;
        }
    }

    /// <summary>A row that was begun is carried out, whatever became of it.</summary>
    /// <param name="row">The row.</param>
    /// <param name="again">The row as it stands after a failure; null when it was moved or parked.</param>
    public void End(WakeRow row, WakeRow? again = null)
    {
        lock (gate)
        {
            begun.Remove(row.Grain);
            if (rows.GetValueOrDefault(row.Grain) == row)
            {
                // A poll read it while it was under way.
                Remove(row);
            }

            if (again is not null
                && !rows.ContainsKey(again.Grain)
                && again.NotBefore < completeUntil[(int)again.Class])
            {
                Put(again);
            }
        }
    }

    /// <summary>What became of a row could not be recorded: its class is read anew.</summary>
    public void Lose(WakeRow row)
    {
        lock (gate)
        {
            begun.Remove(row.Grain);
            completeUntil[(int)row.Class] = DateTimeOffset.MinValue;
        }
    }

    /// <summary>The earliest instant at which there may be something to begin.</summary>
    public DateTimeOffset NextLook()
    {
        lock (gate)
        {
            return lanes.Select((lane, i) => lane.Min is { } first && first.NotBefore < completeUntil[i]
                ? first.NotBefore
                : completeUntil[i]).Min();
        }
    }

    private IEnumerable<WakeRow> ReadyRows(WakeClass lane, DateTimeOffset now) => lanes[(int)lane]
        .TakeWhile(row => row.NotBefore <= now)
        .Where(row => !begun.ContainsKey(row.Grain));

    private void Put(WakeRow row)
    {
        if (rows.TryGetValue(row.Grain, out WakeRow? old))
        {
            Remove(old);
        }

        rows.Add(row.Grain, row);
        lanes[(int)row.Class].Add(row);
    }

    private void Remove(WakeRow row)
    {
        rows.Remove(row.Grain);
        lanes[(int)row.Class].Remove(row);
    }

    private void Trim(WakeClass @class)
    {
        SortedSet<WakeRow> lane = lanes[(int)@class];
        while (lane.Count > rowsMax * 2 && lane.Max is { } last)
        {
            Remove(last);
            completeUntil[(int)@class] = last.NotBefore;
        }
    }

    /// <summary>A read of the table, and the grains that committed meanwhile.</summary>
    internal sealed class Poll
    {
        public HashSet<GrainId> Changed { get; } = [];
    }
}
