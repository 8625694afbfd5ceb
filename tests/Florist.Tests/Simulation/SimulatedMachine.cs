using Florist.Adapters.Sql;
using Florist.Adapters.Templates;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Occasions;
using Florist.Orders;
using Florist.Receipts;
using Florist.ShopFloor;
using Florist.Stock;
using Florist.Vouchers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace Florist.Tests.Simulation;

/// <summary>
/// The shop's process from its start to its end: the composition of the server, on a scheduler that this thread runs.
/// When it dies, everything in its memory is gone, and so is what its writer had queued but not committed.
/// </summary>
internal sealed class SimulatedMachine : IDisposable
{
    private static readonly Lazy<IMessageRenderer> Renderer =
        new(static () => new TemplateRenderer(Options.Create(new MessagingOptions())));

    private static readonly Lazy<ICatalogue> Catalogue = new(ReadCatalogue);

    // Longer than the host gives its grains.
    private static readonly TimeSpan StopMax = TimeSpan.FromMinutes(1);

    private readonly ServiceProvider services;
    private bool isEnded;

    /// <summary>Makes it, on what the folder holds.</summary>
    public SimulatedMachine(Simulation simulation, int number)
    {
        Scheduler = new DeterministicScheduler(HashCode.Of(simulation.Plan.Seed, number), simulation.Now);
        services = Compose(simulation, number).BuildServiceProvider();
        Engine = new SimulatedEngine(this, simulation);
    }

    /// <summary>Runs everything in it.</summary>
    public DeterministicScheduler Scheduler { get; }

    /// <summary>Its wake-ups and outbox.</summary>
    public SimulatedEngine Engine { get; }

    /// <summary>True once it has died: nothing in it will ever happen again.</summary>
    public bool IsOff => Scheduler.IsOff;

    /// <summary>The bouquets on sale.</summary>
    public static ICatalogue Bouquets => Catalogue.Value;

    /// <summary>A reference to a grain.</summary>
    public T Grain<T>(string key)
        where T : IGrainWithStringKey => Get<IGrainFactory>().GetGrain<T>(key);

    /// <summary>Wakes a grain, whether anything is due or not.</summary>
    public Task Wake(string type, string key, DateTimeOffset now) =>
        Get<IGrainFactory>().GetGrain<IWakeable>(GrainId.Create(type, key)).OnWake(now);

    /// <summary>A service.</summary>
    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>
    /// Starts its parts in their order; what one of them throws ends the start, as it does in a server.
    /// </summary>
    public void Start()
    {
        services.GetService<IStartupValidator>()?.Validate();
        foreach (IHostedService part in services.GetServices<IHostedService>())
        {
            Scheduler.Complete(() => part.StartAsync(CancellationToken.None));
        }
    }

    /// <summary>It dies between this step and the next.</summary>
    public void TurnOff() => Scheduler.StepsMax = Scheduler.Steps;

    /// <summary>Ends it as the operating system ends a process.</summary>
    public void Kill()
    {
        TurnOff();
        if (!isEnded)
        {
            Get<SqliteDatabase>().Abandon();
            Dispose();
        }
    }

    /// <summary>Ends it well, unless it dies on the way.</summary>
    public void Stop()
    {
        Task stopped = Scheduler.Start(() => Get<GrainHost>().StopAsync(CancellationToken.None));
        Scheduler.AdvanceTo(Scheduler.Clock.GetUtcNow() + StopMax);
        if (stopped.IsCompletedSuccessfully)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        if (!isEnded)
        {
            isEnded = true;
            services.Dispose();
        }
    }

    private ServiceCollection Compose(Simulation simulation, int number)
    {
        ServiceCollection collection = new();
        collection.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        collection.AddSingleton<TimeProvider>(simulation.Clock);
        collection.AddSingleton<IFatal>(simulation.Errors);
        collection.AddLogging(logging => logging.AddProvider(simulation.Errors).SetMinimumLevel(LogLevel.Error));
        AddFlorist(collection);
        SiloBuilder.For(collection, new ConfigurationBuilder().Build());
        collection.AddEngine();
        collection.AddRetention();
        AddWorld(collection, simulation, number);
        Configure(collection, simulation, number);
        return collection;
    }

    /// <summary>As <c>Composition.AddFlorist</c> of the server; a test compares the two.</summary>
    private static void AddFlorist(IServiceCollection services)
    {
        services.AddSqliteStorage();
        services.AddCatalogue();
        services.AddCustomers();
        services.AddOccasions();
        services.AddStock();
        services.AddVouchers();
        services.AddOrders();
        services.AddShopFloor();
        services.AddReceipts();
        services.AddDelivery();
        services.AddSingleton<IProofStore, NoProofs>();
        services.AddMessaging();
    }

    private void AddWorld(IServiceCollection collection, Simulation simulation, int number)
    {
        int seed = HashCode.Of(simulation.Plan.Seed, number);
        collection.AddSingleton(Catalogue.Value);
        collection.AddSingleton(Renderer.Value);
        collection.AddSingleton<IEmailTransport>(simulation.Channels);
        collection.AddSingleton<ISmsTransport>(simulation.Channels);
        collection.AddSingleton<IPaymentPort>(simulation.Payments);
        collection.AddSingleton<IIds>(new SimulatedIds(seed));
#pragma warning disable CA5394 // Waits are to be repeatable, not secret.
        collection.AddSingleton(new Jitter(new Random(seed)));
#pragma warning restore CA5394
        collection.AddSingleton<IStateStore>(provider => new SimulatedStore(
            new SqliteStateStore(provider.GetRequiredService<SqliteDatabase>()),
            simulation.Faults,
            simulation.Plan.Sabotage,
            Scheduler.Clock));
    }

    private void Configure(IServiceCollection collection, Simulation simulation, int number)
    {
        collection.Configure<SqliteOptions>(options =>
        {
            // The file lies in memory, and a batch ends when nothing waits, not when a real clock says so.
            options.DataFolder = simulation.Folder;
            options.SyncEveryCommit = false;
            options.BatchMsMax = 10_000;
            options.ReadersMax = 1;
            options.WriterTurns = turn => Scheduler.Queue(new ActionWork(turn));
        });
        collection.Configure<InProcessOptions>(options =>
        {
            options.GrainAssemblies.Add(typeof(Fault).Assembly);
            options.Scheduler = Scheduler;
            options.Chaos.Seed = HashCode.Of(simulation.Plan.Seed, number);
            if (simulation.Faults.AreOn)
            {
                options.Chaos.LoseReply = simulation.Faults.LoseReply;
                options.Chaos.DropActivation = simulation.Faults.DropActivation;
                options.Chaos.Conflict = simulation.Faults.Conflict;
            }
        });
        collection.Configure<EngineOptions>(options =>
        {
            options.Background = false;
            options.Clock = Scheduler.Clock;
            options.PollMsMax = (int)SimulatedEngine.PollMax.TotalMilliseconds;
        });

        collection.Configure<MessagingOptions>(options => options.Clock = Scheduler.Clock);

        // What was sent is compared with what is kept of it, at the end of years.
        collection.Configure<RetentionOptions>(options =>
        {
            options.MessageTextsDays = 3650;
            options.MessagesDays = 3650;
        });

        // A leg that is not known is waited for by a real clock.
        collection.Configure<DeliveryOptions>(options => options.LegWaitMsMax = 0);
    }

    private static CatalogueSnapshot ReadCatalogue()
    {
        using Stream json = CatalogueFile.Open(new CatalogueOptions());
        return CatalogueFile.Read(json);
    }

    /// <summary>The framework's own differs from process to process.</summary>
    private static class HashCode
    {
        public static int Of(int seed, int number) => unchecked((seed * 1_000_003) ^ (number * 7919));
    }
}
