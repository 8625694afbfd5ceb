using Florist.Kernel;
using Orleans;
using Orleans.Runtime;

namespace Florist.Receipts;

/// <summary>Numbers the receipts of one shop and year. Key: shop and year, as <c>main/2026</c>.</summary>
public interface IReceiptBookGrain : IGrainWithStringKey
{
    /// <summary>
    /// Issues a receipt under the next number. Safe to repeat: an order has one receipt, which is answered again.
    /// </summary>
    /// <param name="draft">What it says; its number and time are not looked at.</param>
    Task<Receipt> Issue(Receipt draft);
}

/// <remarks>
/// A number is given in the commit that writes the receipt: it is never given and not written, and never given twice.
/// </remarks>
[GrainType("receipt-book")]
internal sealed class ReceiptBookGrain(
    [PersistentState("receiptBook")] IPersistentState<ReceiptBook> book,
    IReceiptQueries queries,
    TimeProvider time) : Grain, IReceiptBookGrain
{
    public async Task<Receipt> Issue(Receipt draft)
    {
        if (await queries.OfOrder(draft.OrderId, CancellationToken.None) is { } issued)
        {
            return issued;
        }

        Receipt receipt = draft with { Number = book.State.Last + 1, IssuedAt = time.GetUtcNow() };
        ReceiptBook next = book.State with
        {
            Last = receipt.Number,
            Effects = book.State.Effects.Put(ReceiptIndex.Row(receipt)),
        };
        await book.Commit(next, DeactivateOnIdle);
        return receipt;
    }
}
