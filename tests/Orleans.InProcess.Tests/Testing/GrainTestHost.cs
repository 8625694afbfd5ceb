using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;

namespace Orleans.InProcess.Tests.Testing;

/// <summary>A grain host under a deterministic scheduler: the test's thread runs everything, in virtual time.</summary>
internal sealed class GrainTestHost : IAsyncDisposable
{
    private readonly ServiceProvider services;

    internal GrainTestHost(
        Action<InProcessOptions>? configure = null,
        Action<ISiloBuilder>? silo = null,
        IWorkScheduler? scheduler = null,
        int seed = 1)
    {
        Simulation = new DeterministicScheduler(seed, new DateTimeOffset(2026, 2, 14, 9, 0, 0, TimeSpan.Zero));
        ServiceCollection collection = new();
        ISiloBuilder builder = SiloBuilder.For(collection, new ConfigurationBuilder().Build());
        builder.Services.AddGrainStorage("memory", (_, _) => Storage);
        builder.Services.AddSingleton(Probe);
        builder.Services.Configure<InProcessOptions>(options =>
        {
            options.GrainAssemblies.Add(typeof(GrainTestHost).Assembly);
            options.Scheduler = scheduler ?? Simulation;
            configure?.Invoke(options);
        });
        silo?.Invoke(builder);
        services = collection.BuildServiceProvider();
        Host = services.GetRequiredService<GrainHost>();
    }

    internal GrainHost Host { get; }

    internal IGrainFactory Grains => services.GetRequiredService<IGrainFactory>();

    internal MemoryGrainStorage Storage { get; } = new();

    internal Probe Probe { get; } = new();

    internal DeterministicScheduler Simulation { get; }

    internal DateTimeOffset Now => Simulation.Clock.GetUtcNow();

    /// <summary>Runs code to its end; time passes when nothing else can happen.</summary>
    internal void Run(Func<Task> code) => Simulation.Complete(code);

    internal T Run<T>(Func<Task<T>> code) => Simulation.Complete(code);

    /// <summary>Starts code and runs what can run without time passing.</summary>
    internal Task Begin(Func<Task> code)
    {
        Task started = Simulation.Start(code);
        Simulation.RunUntilIdle();
        return started;
    }

    internal Task<T> Begin<T>(Func<Task<T>> code)
    {
        Task<T> started = Simulation.Start(code);
        Simulation.RunUntilIdle();
        return started;
    }

    /// <summary>The result of something that has ended.</summary>
    internal static T Value<T>(Task<T> ended)
    {
        Assert.True(ended.IsCompleted, "it should have ended by now");
        return ended.GetAwaiter().GetResult();
    }

    internal static void Ended(Task task)
    {
        Assert.True(task.IsCompleted, "it should have ended by now");
        task.GetAwaiter().GetResult();
    }

    internal void Advance(TimeSpan time) => Simulation.AdvanceTo(Now + time);

    internal void Settle() => Simulation.RunUntilIdle();

    public async ValueTask DisposeAsync() => await services.DisposeAsync();
}
