using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Florist.Kernel;

/// <summary>
/// Wakes grains whose time has come, where one process owns the database. The next minutes are kept in memory
/// (<see cref="WakeWindow"/>), so that the table is read now and then and not for every wake-up.
/// </summary>
internal sealed class WakeService : ILaneWork<WakeRow>, IHostedService, IDisposable
{
    private readonly IWakeTable table;
    private readonly WakeCall call;
    private readonly TimeProvider time;
    private readonly EngineOptions options;
    private readonly Lanes<WakeRow> lanes;
    private readonly WakeWindow window;
    private readonly TimeSpan ringWithin;
    private readonly long[] polledAt = new long[Share.Classes];
    private readonly WakeFloor[] floors;

    public WakeService(
        IWakeTable table, WakeCall call, TimeProvider time, IOptions<EngineOptions> options, ILogger<WakeService> log)
    {
        this.table = table;
        this.call = call;
        this.time = time;
        this.options = options.Value;
        lanes = new Lanes<WakeRow>(this, this.options, log);
        window = new WakeWindow(this.options.WindowRowsMax);
        ringWithin = TimeSpan.FromMilliseconds(this.options.PollMsMax);
        floors = [.. Enumerable.Range(0, Share.Classes).Select(_ => new WakeFloor(this.options.Clock))];
        table.Changed += OnChanged;
    }

    public string Name => "wake";

    /// <summary>Carries out the wake-ups that are due now.</summary>
    public Task<int> RunDue(CancellationToken cancellationToken) => lanes.RunDue(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Background && !options.Shared)
        {
            lanes.Start();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => lanes.Stop(cancellationToken);

    public void Dispose()
    {
        table.Changed -= OnChanged;
        lanes.Dispose();
    }

    public async Task<ImmutableArray<WakeRow>> Due(int lane, int max, CancellationToken cancellationToken)
    {
        WakeClass @class = (WakeClass)lane;
        DateTimeOffset now = time.GetUtcNow();
        if (window.NeedsPoll(@class, now, max) || IsStale(lane))
        {
            await Poll(@class, now, cancellationToken);
        }

        return window.Ready(@class, now, max);
    }

    public Task<TimeSpan?> UntilNextDue(CancellationToken cancellationToken) =>
        Task.FromResult<TimeSpan?>(window.NextLook() - time.GetUtcNow());

    public string KeyOf(WakeRow row) => row.Grain.ToString();

    public bool Admits(int lane, WakeRow row) => window.TryBegin(row);

    public async Task Carry(WakeRow row, CancellationToken cancellationToken)
    {
        WakeRow? again;
        try
        {
            again = await call.Make(row, cancellationToken);
        }
        catch
        {
            window.Lose(row);
            throw;
        }

        window.End(row, again);
    }

    private async Task Poll(WakeClass @class, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Whoever drives the engine by hand may turn the clock to and fro, and wants to see everything.
        WakeFloor floor = floors[(int)@class];
        WakeQuery query = new(@class, now.AddMinutes(options.WindowMinutes), options.WindowRowsMax)
        {
            From = options.Background ? floor.From(now) : DateTimeOffset.MinValue,
        };
        Volatile.Write(ref polledAt[(int)@class], options.Clock.GetTimestamp());
        WakeWindow.Poll poll = window.BeginPoll();
        try
        {
            ImmutableArray<WakeRow> found = await table.Due(query, cancellationToken);
            floor.Looked(query, now, found);
            window.Merge(poll, query, found);
        }
        finally
        {
            window.Abandon(poll);
        }
    }

    // A signal can get lost, so what is in memory is believed only so long.
    private bool IsStale(int lane) =>
        options.Clock.GetElapsedTime(Volatile.Read(ref polledAt[lane])).TotalMilliseconds >= options.PollMsMax;

    private void OnChanged(WakeChange change)
    {
        window.Apply(change);

        // Later ones are found by the next look: every commit of every grain comes through here.
        if (change.DueAt - time.GetUtcNow() < ringWithin)
        {
            lanes.Ring();
        }
    }
}
