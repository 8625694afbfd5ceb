using Florist.Kernel;
using Florist.Tests.Kernel.Engine;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Florist.Tests.Kernel.Wake;

public sealed class WakeFaultsTests
{
    private const int Days = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Wakes_that_are_late_doubled_or_lost_are_in_the_end_one_a_day(int seed)
    {
        (int wakes, int attempts, string _) = await SixtyDays(faults =>
        {
            faults.Seed = seed;
            faults.Skip = 0.2;
            faults.Double = 0.2;
            faults.Delay = 0.2;
        });

        Assert.Equal(Days, wakes);
        Assert.InRange(attempts, Days + 1, 2 * Days);
    }

    [Fact]
    public async Task Without_faults_every_wake_comes_once_and_in_time()
    {
        (int wakes, int attempts, string times) = await SixtyDays(_ => { });

        Assert.Equal(Days, wakes);
        Assert.Equal(Days, attempts);
        Assert.Equal(string.Join(' ', Enumerable.Repeat("0", Days)), times);
    }

    [Fact]
    public async Task A_late_wake_comes_within_its_limit()
    {
        (int wakes, int attempts, string times) = await SixtyDays(faults =>
        {
            faults.Delay = 0.5;
            faults.DelayMax = TimeSpan.FromMinutes(1);
        });

        Assert.Equal((Days, Days), (wakes, attempts));
        int[] seconds = [.. times.Split(' ').Select(int.Parse)];
        Assert.Contains(seconds, late => late > 0);

        // It may be put off several times in a row.
        Assert.All(seconds, late => Assert.InRange(late, 0, 20 * 60));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_faults()
    {
        string one = await History(7);
        Assert.Equal(one, await History(7));
        Assert.NotEqual(one, await History(8));

        static async Task<string> History(int seed)
        {
            (int wakes, int attempts, string times) = await SixtyDays(faults =>
            {
                faults.Seed = seed;
                faults.Skip = 0.1;
                faults.Double = 0.3;
                faults.Delay = 0.3;
            });
            return $"{wakes} {attempts} {times}";
        }
    }

    /// <summary>Wakes a grain daily: its wake-ups, its calls with doubles, how late each was in seconds.</summary>
    private static async Task<(int Wakes, int Attempts, string Late)> SixtyDays(Action<WakeFaults> set)
    {
        ProbeFailures attempts = new();
        await using TestShop shop = await TestShop.Start(services =>
        {
            services.AddSingleton(attempts);
            services.Configure<EngineOptions>(options => set(options.WakeFaults));
        });
        DateTimeOffset first = shop.Time.GetUtcNow().AddDays(1);
        IProbeGrain probe = shop.Grain<IProbeGrain>("daily");
        await probe.Set(new ProbeCommand { Due = first, Daily = true });
        List<int> late = [];
        for (int day = 0; day < Days; day++)
        {
            DateTimeOffset due = first.AddDays(day);
            await shop.RunUntil(due);
            while ((await probe.Get()).Wakes <= day)
            {
                DateTimeOffset next = await shop.Get<IEngineDriver>().NextDue(CancellationToken.None)
                    ?? throw new InvalidOperationException("the wake-up is lost");
                await shop.RunUntil(next);
            }

            late.Add((int)(shop.Time.GetUtcNow() - due).TotalSeconds);
        }

        return ((await probe.Get()).Wakes, attempts.Attempts("daily"), string.Join(' ', late));
    }
}
