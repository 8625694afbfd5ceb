using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Florist.Adapters.Sql;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Orders;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using State = Florist.Protos.Delivery.V1.Delivery.Types.State;

namespace Florist.Benchmarks.Edge;

/// <summary>
/// The commits that updates of deliveries make, decided beforehand, so that only the storage's work is measured.
/// </summary>
internal sealed class CourierCommits
{
    // As many as the windows of the streams let be under way.
    private const int Writers = 4 * 1024;

    private static int made;

    private readonly IStateStore store;
    private readonly CourierId courier;
    private readonly OrdersOptions options;
    private readonly OrderRecord[] orders;
    private long? version;

    private CourierCommits(IStateStore store, CourierId courier, OrdersOptions options, OrderRecord[] orders)
    {
        (this.store, this.courier, this.options, this.orders) = (store, courier, options, orders);
    }

    /// <summary>Orders like one that is stored, of other names.</summary>
    public static async Task<CourierCommits> Of(WebApplication app, CourierId courier, string like, int count)
    {
        IStateStore store = app.Services.GetRequiredService<IStateStore>();
        StoredState? stored = await store.Read($"order/{like}", "order", CancellationToken.None);
        OrderRecord order = FloristJson.Read<OrderRecord>(
            stored?.Body ?? throw new InvalidOperationException($"{like} is not stored"));
        string prefix = string.Create(CultureInfo.InvariantCulture, $"plain-{++made}");
        return new CourierCommits(
            store,
            courier,
            app.Services.GetRequiredService<IOptions<OrdersOptions>>().Value,
            [
                .. Enumerable.Range(0, count).Select(number => order with
                {
                    Id = new OrderId(string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number}")),
                }),
            ]);
    }

    /// <summary>Writes a step of every delivery: its order's state alone, and the whole commit.</summary>
    public async Task<(Pace States, Pace Commits)> Write(State step)
    {
        StateWrite[] commits = [.. orders.Select((_, number) => Decide(number, step))];
        StateWrite[] states =
        [
            .. commits.Select(commit => new StateWrite
            {
                GrainKey = $"state-of-{commit.GrainKey}",
                StateName = commit.StateName,
                Expected = commit.Expected,
                Body = commit.Body,
                Now = commit.Now,
            }),
        ];
        Pace alone = await Pace.Of(states.Length, () => WriteAll(states));
        Pace whole = await Pace.Of(commits.Length, () => WriteAll(commits));
        version = (version ?? 0) + 1;
        return (alone, whole);
    }

    private StateWrite Decide(int number, State step)
    {
        OrderRecord before = orders[number];
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        CourierReport report = DeliveryMessages.Read(
            CourierStream.Event(before.Id.Value, step, now.ToTimestamp()), courier, ReportSource.Stream).Report;
        DeliveryStep<ReportAnswer> decided = before.Deliveries.Report(report, now, Effects.None);
        OrderRecord after = before.Apply(new DeliveriesMoved(decided.Book, decided.Effects), options, now);
        ImmutableArray<OutboxMessage> messages = after.Effects.Pending;
        ImmutableArray<RowChange> rows = after.Effects.Rows;
        orders[number] = after.With(Effects.None);
        return new StateWrite
        {
            GrainKey = $"order/{after.Id}",
            StateName = "order",
            Expected = version,
            Body = FloristJson.WriteBytes(after),
            HasEffects = true,
            NextDue = after.NextDue,
            WakeClass = ((IHasEffects)after).WakeClass,
            Messages = messages,
            Rows = rows,
            Now = now,
        };
    }

    private Task WriteAll(StateWrite[] writes) => Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
    {
        for (int next = writer; next < writes.Length; next += Writers)
        {
            await store.Commit(writes[next]);
        }
    }));
}

/// <summary>How fast many of the same were done.</summary>
/// <param name="PerSecond">So many a second.</param>
/// <param name="CpuMicroseconds">Processor time of this process that each took.</param>
internal sealed record Pace(double PerSecond, double CpuMicroseconds)
{
    public static async Task<Pace> Of(int count, Func<Task> work)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long started = Stopwatch.GetTimestamp();
        await work();
        return new Pace(
            count / Stopwatch.GetElapsedTime(started).TotalSeconds,
            (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / count);
    }
}
