using System.Collections.Immutable;
using Florist.Kernel;
using Orleans;
using Orleans.Runtime;

namespace Florist.Orders;

/// <summary>One budget. A grant that was made before is found among its rows and answered again.</summary>
[GrainType("goodwill")]
internal sealed class GoodwillGrain(
    [PersistentState("goodwill")] IPersistentState<GoodwillBook> book, IGrainRows rows, TimeProvider time)
    : Grain, IGoodwillGrain
{
    public async Task<Money> Take(TakeGoodwill command)
    {
        if (await Find(command.Key) is { } earlier)
        {
            return earlier.Amount;
        }

        Money left = book.State.Left(command.Cap, command.Since);
        Money amount = left.Minor < command.Wanted.Minor ? left : command.Wanted;
        Grant grant = new(command.Key, amount, time.GetUtcNow());
        await book.Commit(book.State.Granted(grant, command.Since), DeactivateOnIdle);
        return amount;
    }

    public async Task<Done> Keep(KeepGoodwill command)
    {
        if (await Find(command.Key) is { } earlier && command.Amount.Minor < earlier.Amount.Minor)
        {
            Grant less = earlier with { Amount = command.Amount };
            await book.Commit(book.State.Granted(less, DateTimeOffset.MinValue), DeactivateOnIdle);
        }

        return Done.Value;
    }

    // Rows are read behind an id: the key without its last digit, behind which come the promises of the same order.
    private async Task<Grant?> Find(string key)
    {
        if (book.State.Recent.FirstOrDefault(grant => grant.Key == key) is { } recent)
        {
            return recent;
        }

        ImmutableArray<GrainRow> found =
            await rows.Read(this.GetGrainId(), GoodwillBook.GrantRow, 10, after: key[..^1]);
        return found.FirstOrDefault(row => row.Id == key) is { } row ? FloristJson.Read<Grant>(row.Body) : null;
    }
}
