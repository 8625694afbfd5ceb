using Florist.Kernel;

namespace Florist.Vouchers;

/// <summary>Finds vouchers without opening them.</summary>
public interface IVoucherQueries
{
    /// <summary>The fields that a filter may name.</summary>
    static readonly FilterSchema Filterable = new(
        FilterField.Text("customer"),
        FilterField.Boolean("disabled"),
        FilterField.Integer("redeemed_count"),
        FilterField.Timestamp("create_time"));

    /// <summary>A page of vouchers, latest issued first.</summary>
    /// <param name="filter">Only those that match; made by <see cref="Filterable"/>.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<Page<VoucherView>> List(
        FilterExpression filter, PageRequest page, CancellationToken cancellationToken);
}
