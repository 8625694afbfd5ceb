using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orleans.Runtime;

/// <summary>Holds the parts of the in-process grain host together, and starts and stops with the process.</summary>
internal sealed class GrainHost : IHostedService, IDisposable
{
    private volatile bool stopping;

    public GrainHost(IServiceProvider services, IOptions<InProcessOptions> options, ILoggerFactory loggers)
    {
        Services = services;
        Options = options.Value;
        Log = loggers.CreateLogger("Orleans.Runtime");
        Scheduler = Options.Scheduler;
        Classes = new GrainClasses(Options);
        Directory = new ActivationDirectory(this);
        Sweeper = new Sweeper(this);
        Chaos = new Chaos(Options.Chaos, () => Sweeper);
        Metrics = new GrainMetrics(this, services.GetService<IMeterFactory>());
        Grains = new GrainFactory(this);
    }

    internal IServiceProvider Services { get; }

    internal InProcessOptions Options { get; }

    internal ILogger Log { get; }

    internal IWorkScheduler Scheduler { get; }

    internal GrainClasses Classes { get; }

    internal ActivationDirectory Directory { get; }

    internal Sweeper Sweeper { get; }

    internal Chaos Chaos { get; }

    internal GrainMetrics Metrics { get; }

    internal GrainFactory Grains { get; }

    internal bool IsStopping => stopping;

    /// <summary>Asked for at the first call, because filters may themselves want to call grains.</summary>
    internal IIncomingGrainCallFilter[] Filters => field ??= [.. Services.GetServices<IIncomingGrainCallFilter>()];

    /// <summary>
    /// Sends a request on its way. Unless it is a read of an idle grain, it never runs on the stack of the caller.
    /// </summary>
    internal void Send(Request request)
    {
        if (request.CallerHasCancelled)
        {
            request.CancelByCaller();
            return;
        }

        request.Deadline = Sweeper.NewDeadline();
        Directory.Deliver(request);
        Sweeper.Watch();
        request.WatchCaller();
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Reminders.Resume(this);
        GrainLog.Started(Log, Classes.Count);
    }

    /// <summary>Deactivates all grains, within the bound of the options and of the process.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        stopping = true;
        DeactivationReason reason = new(DeactivationReasonCode.ShuttingDown, "the host stops");
        Activation[] all = [.. Directory.All.OrderBy(a => a.GrainId)];
        foreach (Activation activation in all)
        {
            activation.Deactivate(reason, cancellationToken);
        }

        try
        {
            await Task.WhenAll(all.Select(a => a.Gone))
                .WaitAsync(Options.StopTimeout, Scheduler.Clock, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            // A process that was told to stop does stop: what is durable was durable before.
        }

        GrainLog.Stopped(Log, all.Count(a => !a.Gone.IsCompleted));
    }

    public void Dispose()
    {
        Sweeper.Dispose();
        Metrics.Dispose();
    }
}
