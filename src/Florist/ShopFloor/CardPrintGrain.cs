using Florist.Kernel;
using Florist.Orders;
using Orleans;
using Orleans.Runtime;

namespace Florist.ShopFloor;

/// <summary>Remembers that the card of one order was printed. Key: the order id.</summary>
public interface ICardPrintGrain : IGrainWithStringKey
{
    /// <summary>What was printed last; that of no order when nothing was.</summary>
    Task<PrintedCard> Get();

    /// <summary>Records a print. Safe to repeat with the same request id, whatever became of the order since.</summary>
    /// <param name="command">The print.</param>
    /// <param name="refusal">Why the order's card cannot be printed now; null when it can.</param>
    Task<Outcome<PrintedCard>> Print(PrintCard command, Fault? refusal);
}

/// <summary>Records that a card was printed.</summary>
/// <param name="RequestId">Tells a repeat from a second print; null promises nothing about repeats.</param>
/// <param name="CardTag">What the text is known by.</param>
/// <param name="By">The principal who printed it.</param>
public sealed record PrintCard(string? RequestId, string CardTag, string By);

/// <summary>The row by which the bench finds what was printed.</summary>
internal static class CardPrintIndex
{
    /// <summary>The table.</summary>
    public const string Table = "card_print";

    /// <summary>The row of a print.</summary>
    public static RowChange Row(PrintedCard print) => new()
    {
        Table = Table,
        Key = [new("card_of", print.OrderId.Value)],
        Values = [new("print", FloristJson.Write(print))],
    };
}

[GrainType("card-print")]
internal sealed class CardPrintGrain(
    [PersistentState("cardPrint")] IPersistentState<PrintedCard> stored,
    IGrainRows rows,
    TimeProvider time) : Grain, ICardPrintGrain
{
    public override async Task OnActivateAsync(CancellationToken cancellationToken) => stored.State = stored.State with
    {
        Answered = await Answered.Read(rows, this.GetGrainId(), cancellationToken),
    };

    public Task<PrintedCard> Get() => Task.FromResult(Bare(stored.State));

    public async Task<Outcome<PrintedCard>> Print(PrintCard command, Fault? refusal)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (stored.State.Answered.Replays(command.RequestId, command, now, out Outcome<PrintedCard> earlier))
        {
            return earlier;
        }

        if (refusal is not null)
        {
            return refusal;
        }

        PrintedCard print = stored.State with
        {
            OrderId = new OrderId(this.GetPrimaryKeyString()),
            CardTag = command.CardTag,
            PrintedAt = now,
            PrintedBy = command.By,
        };
        Effects effects = print.Effects.Put(CardPrintIndex.Row(Bare(print)));
        Answered answered = print.Answered.Remember(command.RequestId, command, Bare(print), now, ref effects);
        await stored.Commit(print with { Answered = answered, Effects = effects }, DeactivateOnIdle);
        return Bare(stored.State);
    }

    private static PrintedCard Bare(PrintedCard print) =>
        print with { Effects = Effects.None, Answered = Answered.None };
}
