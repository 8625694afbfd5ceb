using System.Collections.Concurrent;
using System.Collections.Immutable;
using Florist.Kernel;
using Microsoft.Extensions.Logging.Abstractions;

namespace Florist.Tests.Kernel.Engine;

public sealed class LanesTests
{
    [Fact]
    public async Task A_deadline_is_begun_although_more_surveys_are_under_way_than_may_be()
    {
        Work work = new();
        work.Due[3] = [.. Enumerable.Range(0, 1000).Select(i => $"survey-{i}")];
        using Lanes<string> lanes = new(work, new EngineOptions { ConcurrencyMax = 16 }, NullLogger.Instance);
        lanes.Start();
        await work.Begun("survey-0");

        work.Due[0] = ["deadline"];
        lanes.Ring();

        await work.Begun("deadline");
        work.Finish();
        await lanes.Stop(default);
        Assert.InRange(work.MostAtOnce, 2, 16);
    }

    [Fact]
    public async Task A_row_is_never_under_way_twice_at_once_by_loop_and_driver_together()
    {
        Work work = new();
        work.Due[1] = [.. Enumerable.Range(0, 50).Select(i => $"row-{i}")];
        using Lanes<string> lanes = new(work, new EngineOptions { ConcurrencyMax = 8 }, NullLogger.Instance);
        lanes.Start();
        Task<int> driver = lanes.RunDue(default);
        await work.Begun("row-0");
        work.Finish();

        await driver;
        await lanes.Stop(default);
        Assert.False(work.WasTwiceAtOnce);
        Assert.Equal(50, work.Carried);
    }

    [Fact]
    public async Task A_table_that_cannot_be_read_does_not_end_the_loop()
    {
        Work work = new() { FailReads = 3 };
        work.Due[2] = ["row"];
        using Lanes<string> lanes = new(
            work, new EngineOptions { PollMsMin = 10, PollMsMax = 10 }, NullLogger.Instance);
        lanes.Start();

        await work.Begun("row");
        work.Finish();
        await lanes.Stop(default);
    }

    [Fact]
    public async Task The_driver_reports_an_outcome_that_could_not_be_recorded_instead_of_trying_for_ever()
    {
        Work work = new() { FailCarry = true };
        work.Due[0] = ["row"];
        work.Finish();
        using Lanes<string> lanes = new(work, new EngineOptions(), NullLogger.Instance);

        await Assert.ThrowsAsync<InvalidOperationException>(() => lanes.RunDue(default));
    }

    private sealed class Work : ILaneWork<string>
    {
        private readonly TaskCompletionSource finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentDictionary<string, TaskCompletionSource> begun = new();
        private readonly ConcurrentDictionary<string, bool> underWay = new();
        private readonly ConcurrentDictionary<string, bool> carried = new();

        public string Name => "row";

        public ConcurrentDictionary<int, ImmutableArray<string>> Due { get; } = new();

        public int FailReads { get; set; }

        public bool FailCarry { get; init; }

        public int MostAtOnce { get; private set; }

        public bool WasTwiceAtOnce { get; private set; }

        public int Carried => carried.Count;

        public Task Begun(string row) => Of(row).Task.WaitAsync(TimeSpan.FromSeconds(20));

        public void Finish() => finish.SetResult();

        public string KeyOf(string row) => row;

        public bool Admits(int lane, string row) => true;

        public Task<TimeSpan?> UntilNextDue(CancellationToken cancellationToken) => Task.FromResult<TimeSpan?>(null);

        Task<ImmutableArray<string>> ILaneWork<string>.Due(int lane, int max, CancellationToken cancellationToken)
        {
            if (FailReads > 0)
            {
                FailReads--;
                throw new IOException("the table cannot be read");
            }

            return Task.FromResult(Due.GetValueOrDefault(lane, [])
                .Where(row => !carried.ContainsKey(row)).Take(max).ToImmutableArray());
        }

        public async Task Carry(string row, CancellationToken cancellationToken)
        {
            if (!underWay.TryAdd(row, true))
            {
                WasTwiceAtOnce = true;
            }

            lock (underWay)
            {
                MostAtOnce = Math.Max(MostAtOnce, underWay.Count);
            }

            Of(row).TrySetResult();
            await finish.Task;
            if (FailCarry)
            {
                throw new IOException("the outcome cannot be recorded");
            }

            carried.TryAdd(row, true);
            underWay.TryRemove(row, out _);
        }

        private TaskCompletionSource Of(string row) =>
            begun.GetOrAdd(row, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}
