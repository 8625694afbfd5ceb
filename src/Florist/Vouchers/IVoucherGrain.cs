using Florist.Kernel;
using Orleans;
using Orleans.Concurrency;

namespace Florist.Vouchers;

/// <summary>
/// One voucher: what it is worth, and every use of it. Key: the code as <see cref="VoucherCodes"/> writes it. It is the
/// one writer of its uses: they are counted and taken in the same turn, and written before anybody is told, so that a
/// limit holds however many ask at once. Uses are named by their orders; every command about them is safe to repeat.
/// </summary>
public interface IVoucherGrain : IGrainWithStringKey
{
    /// <summary>The voucher as it is durable; NotFound when it was never issued.</summary>
    [AlwaysInterleave]
    Task<Outcome<VoucherView>> Get();

    /// <summary>Issues it. Safe to repeat with the same request id.</summary>
    /// <returns>The voucher; Exists when the code is taken.</returns>
    Task<Outcome<VoucherView>> Issue(IssueVoucher command);

    /// <summary>What it is worth to a customer now, without using it.</summary>
    /// <returns>
    /// Its terms; a refusal <c>VOUCHER_UNKNOWN</c> (also for another customer's), <c>VOUCHER_DISABLED</c>,
    /// <c>VOUCHER_NOT_YET_VALID</c>, <c>VOUCHER_EXPIRED</c>, <c>VOUCHER_USED_UP</c> or <c>VOUCHER_CUSTOMER_LIMIT</c>.
    /// </returns>
    [AlwaysInterleave]
    Task<Outcome<VoucherTerms>> Check(UseVoucher command);

    /// <summary>Keeps a use for an order for some minutes.</summary>
    /// <returns>As <see cref="Check"/>.</returns>
    Task<Outcome<VoucherTerms>> Reserve(UseVoucher command);

    /// <summary>
    /// Redeems the use of an order that is paid for. A reservation that has expired is taken anew, if the limits allow;
    /// the time of validity counts for reserving alone.
    /// </summary>
    /// <returns>
    /// Its terms; a refusal <c>VOUCHER_USED_UP</c>, <c>VOUCHER_CUSTOMER_LIMIT</c> or <c>CLAIM_RELEASED</c>.
    /// </returns>
    Task<Outcome<VoucherTerms>> Commit(UseVoucher command);

    /// <summary>Gives the use of an order back, reserved or redeemed.</summary>
    Task<Outcome<Done>> Release(string orderId);

    /// <summary>Ends it: no further uses. Safe to repeat with the same request id.</summary>
    /// <returns>The voucher; Stale for another etag.</returns>
    Task<Outcome<VoucherView>> Disable(DisableVoucher command);
}

/// <summary>Issues a voucher.</summary>
/// <param name="RequestId">Tells a repeat from a second request; null promises nothing about repeats.</param>
/// <param name="By">The principal, for the record.</param>
/// <param name="Title">What it is for, for the shop; null for none.</param>
/// <param name="Terms">What it is worth.</param>
public sealed record IssueVoucher(string? RequestId, string By, string? Title, VoucherTerms Terms);

/// <summary>Uses a voucher.</summary>
/// <param name="OrderId">The order; empty where only a look is taken.</param>
/// <param name="CustomerId">Who orders.</param>
public sealed record UseVoucher(string OrderId, string CustomerId);

/// <summary>Ends a voucher.</summary>
/// <param name="RequestId">As in <see cref="IssueVoucher"/>.</param>
/// <param name="Etag">The version decided upon; null accepts any.</param>
/// <param name="By">The principal, for the record.</param>
public sealed record DisableVoucher(string? RequestId, string? Etag, string By);
