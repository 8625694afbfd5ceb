using Florist.Customers;
using Florist.Kernel;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Florist.Messaging;

/// <summary>What every handler of news does: find the customer, make the candidate, propose it.</summary>
internal sealed class NewsDesk(IGrainFactory grains, ILogger<NewsDesk> log)
{
    /// <summary>
    /// Proposes what is to be said to a customer about an event; nothing when there is no such customer.
    /// </summary>
    /// <param name="message">The event.</param>
    /// <param name="customerId">Whom it concerns.</param>
    /// <param name="candidate">Makes the candidate.</param>
    public async Task<OutboxResult> Tell(
        OutboxMessage message, CustomerId customerId, Func<CustomerView, MessageCandidate> candidate)
    {
        if ((await grains.GetGrain<ICustomerGrain>(customerId.Value).Get()).Failed(out _, out CustomerView? customer))
        {
            // Purged since, or never there. Nothing may be kept about such a person, a record of silence included.
            MessagingLog.NobodyToTell(log, message.Topic, message.Key);
            return OutboxResult.Done;
        }

        await grains.GetGrain<ICorrespondenceGrain>(customerId.Value).Propose(candidate(customer));
        return OutboxResult.Done;
    }
}
