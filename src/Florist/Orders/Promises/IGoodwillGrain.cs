using Florist.Kernel;
using Orleans;

namespace Florist.Orders;

/// <summary>
/// A budget for making promises good, guarded by one writer. Keys: <c>day-2026-06-12</c> for all customers of a day,
/// <c>customer-{id}</c> for one customer.
/// </summary>
public interface IGoodwillGrain : IGrainWithStringKey
{
    /// <summary>Takes an amount, or what is left of the budget. Safe to repeat: a key takes once.</summary>
    /// <returns>What was taken; nothing when the budget is used up.</returns>
    Task<Money> Take(TakeGoodwill command);

    /// <summary>Keeps less than was taken under a key, because another budget had less. Safe to repeat.</summary>
    Task<Done> Keep(KeepGoodwill command);
}

/// <summary>Takes of a budget.</summary>
/// <param name="Key">What for, as <c>{order}:{promise}</c>.</param>
/// <param name="Wanted">How much at most.</param>
/// <param name="Cap">How large the budget is.</param>
/// <param name="Since">What was taken before counts no more.</param>
public sealed record TakeGoodwill(string Key, Money Wanted, Money Cap, DateTimeOffset Since);

/// <summary>Keeps less than was taken.</summary>
/// <param name="Key">What for.</param>
/// <param name="Amount">How much is kept.</param>
public sealed record KeepGoodwill(string Key, Money Amount);
