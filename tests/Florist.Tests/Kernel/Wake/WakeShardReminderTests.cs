using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Florist.Tests.Kernel.Wake;

/// <summary>
/// Where the in-process host keeps the reminders of shards; the published packages have a table of their own.
/// </summary>
public sealed class WakeShardReminderTests
{
    [Fact]
    public async Task A_shard_keeps_a_reminder_that_brings_it_back_and_repeats_of_the_start_keep_one()
    {
        await using TestShop shop = await Start();
        await shop.Grain<IWakeShardGrain>("7").Start();
        await shop.Grain<IWakeShardGrain>("7").Start();
        await shop.Restart();

        long? kept = await shop.Get<SqliteDatabase>().Readers.Read(
            session => session.Number(
                "SELECT COUNT(*) FROM grain_state WHERE CAST(body AS TEXT) LIKE '%wake-shard/7%'"),
            CancellationToken.None);
        Assert.Equal(1, kept);
    }

    private static Task<TestShop> Start() => TestShop.Start(services => services.AddGrainStorage<IGrainStorage>(
        "Reminders", (provider, _) => ActivatorUtilities.CreateInstance<GroupCommitGrainStorage>(provider)));
}
