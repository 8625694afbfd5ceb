using System.Threading.Channels;
using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;

namespace Florist.Benchmarks.Engine;

/// <summary>What durable grains cost beside the least that could do the same.</summary>
internal static class EngineBenchmarks
{
    private const int Callers = 64;
    private const int Wakes = 2000;
    private const int PauseMs = 5;
    private const double CommitMsMax = 100;

    public static async Task Run()
    {
        string folder = Directory.CreateTempSubdirectory("florist-bench-").FullName;
        try
        {
            await Commits(folder);
            await Grains(Path.Combine(folder, "grains"));
            using (IHost host = Start(Path.Combine(folder, "hot")))
            {
                await HotGrainBenchmark.Run(host);
            }

            await GrainCallBenchmark.Run();
            await IdleActivationBenchmark.Run();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Commits(string folder)
    {
        using IHost host = Start(Path.Combine(folder, "commits"));
        IStateStore store = host.Services.GetRequiredService<IStateStore>();
        using RawCommits raw = new(Path.Combine(folder, "raw.db"));
        long[] versions = new long[Callers];
        async Task Write(int caller) =>
            versions[caller] = await store.Commit(RawCommits.Write(caller, versions[caller]));

        (double many, double one) = await Measure.Both(
            () => Measure.Rate(Callers, Write),
            () => raw.Rested(() => Measure.Rate(1, _ => Task.FromResult(raw.Commit()))));
        Figure.Rate("engine.commits_per_second_64_callers", many, one, goal: 4);

        // With a pause, as lone callers have. Without one, commits that fall into one tick of the file system's clock
        // are synced ten times as fast as others, and a measurement is of who happens to keep step with it.
        (double lone, double bare) = await Measure.Both(
            () => Measure.Percentile(1, 0.5, Write, PauseMs),
            () => raw.Rested(() => Measure.Percentile(1, 0.5, _ => Task.FromResult(raw.Commit()), PauseMs)));
        Figure.Time("engine.lone_commit_p50_ms", lone, bare, goal: 0.6);

        Figure.Limit("engine.commit_p99_ms_64_callers", await Measure.Percentile(Callers, 0.99, Write), CommitMsMax);
    }

    private static async Task Grains(string folder)
    {
        using IHost host = Start(folder);
        await host.StartAsync();
        IGrainFactory grains = host.Services.GetRequiredService<IGrainFactory>();
        IBenchGrain[] all = [.. Enumerable.Range(0, Wakes).Select(i => grains.GetGrain<IBenchGrain>($"g{i}"))];

        using Hop hop = new();
        (double calls, double hops) = await Measure.Both(
            () => Measure.Rate(1, _ => all[0].Echo(1)), () => Measure.Rate(1, _ => hop.Echo(1)));
        Figure.Rate("engine.grain_calls_per_second", calls, hops, goal: 0.2);

        IEngineDriver driver = host.Services.GetRequiredService<IEngineDriver>();
        (double wakes, double commands) = await Measure.Both(
            () => PerSecond(Wakes, () => driver.RunDue(CancellationToken.None)),
            () => PerSecond(Wakes, () => Parallel.ForEachAsync(
                all,
                new ParallelOptions { MaxDegreeOfParallelism = Callers },
                async (grain, _) => await grain.Schedule(DateTimeOffset.UnixEpoch))));
        Figure.Rate("engine.wakes_per_second", wakes, commands, goal: 0.5);
        await host.StopAsync();
    }

    private static async Task<double> PerSecond(int count, Func<Task> all)
    {
        long started = TimeProvider.System.GetTimestamp();
        await all();
        return count / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    private static IHost Start(string folder)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.Services.AddSqliteStorage();
        builder.Services.Configure<SqliteOptions>(options => options.DataFolder = folder);
        builder.AddTestGrains(typeof(EngineBenchmarks).Assembly);
        builder.Services.AddEngine();
        builder.Services.Configure<EngineOptions>(options =>
        {
            options.Background = false;
            options.DriverConcurrencyMax = Callers;
        });
        return builder.Build();
    }

    /// <summary>The least a mailbox can be: a channel there, a channel back, a loop between.</summary>
    private sealed class Hop : IDisposable
    {
        private readonly Channel<(int Number, TaskCompletionSource<int> Answer)> mailbox =
            Channel.CreateUnbounded<(int, TaskCompletionSource<int>)>(
                new UnboundedChannelOptions { SingleReader = true });

        public Hop()
        {
            _ = Task.Run(Loop);
        }

        public Task<int> Echo(int number)
        {
            TaskCompletionSource<int> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
            mailbox.Writer.TryWrite((number, answer));
            return answer.Task;
        }

        public void Dispose() => mailbox.Writer.Complete();

        private async Task Loop()
        {
            await foreach ((int number, TaskCompletionSource<int> answer) in mailbox.Reader.ReadAllAsync())
            {
                answer.SetResult(number);
            }
        }
    }
}
