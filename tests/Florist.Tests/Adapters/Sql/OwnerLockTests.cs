using Florist.Adapters.Sql;
using Florist.Tests.Testing;

namespace Florist.Tests.Adapters.Sql;

public sealed class OwnerLockTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_second_owner_is_refused_with_the_folder_and_the_holder_named()
    {
        using OwnerLock first = OwnerLock.Acquire(folder.Path);

        Assert.Null(OwnerLock.TryAcquire(folder.Path));
        OwnerLockException refusal = Assert.Throws<OwnerLockException>(() => OwnerLock.Acquire(folder.Path));

        Assert.Contains(folder.Path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"pid {Environment.ProcessId} ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_given_up_is_free_again()
    {
        OwnerLock.Acquire(folder.Path).Dispose();
        using OwnerLock again = OwnerLock.Acquire(folder.Path);

        Assert.Null(OwnerLock.TryAcquire(folder.Path));
    }

    [Fact]
    public async Task A_standby_takes_over_when_the_owner_ends()
    {
        OwnerLock owner = OwnerLock.Acquire(folder.Path);
        Task<OwnerLock> standby = OwnerLock.WaitAcquire(folder.Path, CancellationToken.None);
        Assert.False(standby.IsCompleted);
        owner.Dispose();

        using OwnerLock taken = await standby;

        Assert.Null(OwnerLock.TryAcquire(folder.Path));
    }

    [Fact]
    public async Task A_standby_can_be_called_off()
    {
        using OwnerLock owner = OwnerLock.Acquire(folder.Path);
        using CancellationTokenSource cancellation = new();
        Task<OwnerLock> standby = OwnerLock.WaitAcquire(folder.Path, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => standby);
    }

    [Fact]
    public async Task A_database_in_use_cannot_be_opened_again_and_is_unharmed_by_the_attempt()
    {
        using OpenDatabase db = new(folder: folder.Path);

        Assert.Throws<OwnerLockException>(() => new OpenDatabase(folder: folder.Path));

        await db.Put(OpenDatabase.Grain("a"), new ProbeState { Text = "still mine" });
        Assert.Equal(1, await db.Number("SELECT epoch FROM owner"));
    }

    [Fact]
    public async Task Every_owner_has_a_higher_epoch_than_the_one_before()
    {
        new OpenDatabase(folder: folder.Path).Dispose();
        OpenDatabase second = new(folder: folder.Path);
        second.Database.Abandon();
        Assert.Equal(2, await Epoch());
        Assert.Equal(3, await Epoch());
    }

    private async Task<long?> Epoch()
    {
        using OpenDatabase db = new(folder: folder.Path);
        return await db.Number("SELECT epoch - 1 FROM owner");
    }
}
