namespace Florist.Customers;

/// <summary>Whoever sends to customers, and has to stop when one of them withdraws consent or is deleted.</summary>
public interface IWithdrawals
{
    /// <summary>
    /// Returns when nothing leaves any more that the customer does not allow: what waits is cancelled, and attempts
    /// under way have ended or are given up. Called on the customer's turn, after the withdrawal is durable. Safe to
    /// repeat.
    /// </summary>
    /// <param name="customer">The customer as of now.</param>
    Task Honour(CustomerView customer);
}
