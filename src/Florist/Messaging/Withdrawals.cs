using System.Collections.Immutable;
using Florist.Customers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace Florist.Messaging;

/// <summary>
/// Stops what a customer does not allow any more. Whoever was given leave before gives its attempt up by the send
/// deadline, so nobody is waited for beyond that.
/// </summary>
internal sealed class Withdrawals(
    IGrainFactory grains, IOptions<MessagingOptions> options, ILogger<Withdrawals> log) : IWithdrawals
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    public async Task Honour(CustomerView customer)
    {
        ICorrespondenceGrain correspondence = grains.GetGrain<ICorrespondenceGrain>(customer.Id.Value);
        ImmutableArray<MessageId> underWay = await correspondence.Stop(Addressee.Of(customer));
        TimeProvider clock = options.Value.Clock;
        long stopped = clock.GetTimestamp();
        while (!underWay.IsEmpty && clock.GetElapsedTime(stopped) < options.Value.SendTimeout)
        {
            underWay = await correspondence.AwaitAttempts(underWay);
            if (!underWay.IsEmpty)
            {
                await Task.Delay(BetweenLooks, clock);
            }
        }

        if (!underWay.IsEmpty)
        {
            MessagingLog.WithdrawnUnderWay(log, customer.Id.Value, underWay.Length);
        }
    }
}
