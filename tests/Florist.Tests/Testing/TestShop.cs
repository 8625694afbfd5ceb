using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Tests.Adapters.Sql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Florist.Tests.Testing;

/// <summary>
/// The shop's engine in the test's process: real grains on the real storage in a folder of its own, with a clock that
/// the test moves. Nothing runs by itself: <see cref="RunDue"/> wakes what is due and hands over what is pending.
/// </summary>
public sealed class TestShop : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly Action<IServiceCollection> configure;
    private readonly string? postgres;
    private IHost host;

    private TestShop(Action<IServiceCollection> configure, string? postgres)
    {
        this.configure = configure;
        this.postgres = postgres;
        host = Build();
    }

    /// <summary>The product's clock.</summary>
    public ManualTime Time { get; } = new();

    /// <summary>Everything logged, formatted, since the start, restarts included.</summary>
    public CapturedLog Log { get; } = new();

    /// <summary>The services of the running host.</summary>
    public IServiceProvider Services => host.Services;

    /// <summary>The folder of the database.</summary>
    public string DataFolder => folder.Path;

    /// <summary>
    /// Starts with the services of the features under test, as <c>services => services.AddCustomers()</c>.
    /// </summary>
    /// <param name="configure">Adds the features.</param>
    /// <param name="postgres">How to reach a PostgreSQL database to run on; null for SQLite.</param>
    public static async Task<TestShop> Start(Action<IServiceCollection>? configure = null, string? postgres = null)
    {
        TestShop shop = new(configure ?? (_ => { }), postgres);
        await shop.host.StartAsync();
        return shop;
    }

    /// <summary>A reference to a grain.</summary>
    public T Grain<T>(string key)
        where T : IGrainWithStringKey => Services.GetRequiredService<IGrainFactory>().GetGrain<T>(key);

    /// <summary>A service.</summary>
    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Carries out what is due by the clock as it stands, wake-ups and messages, until nothing is.</summary>
    /// <returns>How many.</returns>
    public Task<int> RunDue() => Get<IEngineDriver>().RunDue(CancellationToken.None);

    /// <summary>Moves the clock to an instant, carrying out on the way everything when it falls due.</summary>
    public async Task RunUntil(DateTimeOffset instant)
    {
        IEngineDriver driver = Get<IEngineDriver>();
        await RunDue();
        while (await driver.NextDue(CancellationToken.None) is { } next && next <= instant)
        {
            if (next > Time.GetUtcNow())
            {
                Time.Set(next);
            }

            await RunDue();
        }

        Time.Set(instant);
    }

    /// <summary>Ends the host and starts it again on the same data; every grain is loaded anew.</summary>
    /// <param name="crash">True: nothing is deactivated or finished, as when the process is killed.</param>
    public async Task Restart(bool crash = false)
    {
        await End(crash);
        host = Build();
        await host.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await End(crash: false);
        folder.Dispose();
    }

    private IHost Build()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        IServiceCollection services = builder.Services;
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<IFatal, RecordedEnd>();
        services.AddLogging(logging => logging.AddProvider(Log).SetMinimumLevel(LogLevel.Debug));
        AddStorage(services);
        builder.AddTestGrains(typeof(Fault).Assembly, typeof(TestShop).Assembly);
        services.AddEngine();
        services.Configure<EngineOptions>(options =>
        {
            options.Background = false;
            options.DriverConcurrencyMax = 1;
        });
        configure(services);
        return builder.Build();
    }

    private void AddStorage(IServiceCollection services)
    {
        if (postgres is not null)
        {
            services.AddPostgresStorage();
            services.Configure<PostgresOptions>(options => options.ConnectionString = postgres);
            return;
        }

        services.AddSqliteStorage();
        services.Configure<SqliteOptions>(options =>
        {
            // A test's process does not outlive a loss of power; waiting for the disk would only slow the tests.
            options.DataFolder = folder.Path;
            options.SyncEveryCommit = false;
        });
    }

    private async Task End(bool crash)
    {
        if (crash)
        {
            (postgres is null ? Get<SqliteDatabase>().Abandon : (Action)Get<PostgresDatabase>().Abandon)();
            await host.LetGrainsGo();
        }
        else
        {
            await host.StopAsync();
        }

        host.Dispose();
    }
}
