using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Runtime;

namespace Florist.Kernel;

/// <summary>Has the grains of a page compute their wake-ups anew.</summary>
internal sealed class RescheduleHandler(IGrainFactory grains) : IOutboxHandler
{
    public string Topic => ReschedulePassGrain.Topic;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        // One that fails does not keep the others from it; a repeat finds those done already.
        await Task.WhenAll(message.Read<ReschedulePage>().Grains.Select(each =>
            grains.GetGrain<IReschedulable>(GrainId.Parse(each.Grain)).Reschedule(each.WakeAt)));
        return OutboxResult.Done;
    }
}

/// <summary>
/// At the start, compares what wake-ups are computed from with what it was before. A storage that fails just then does
/// not keep the shop closed: wake-ups as they were are right until somebody changes a time zone's rules.
/// </summary>
internal sealed class RescheduleStart(IEnumerable<ScheduleBasis> bases, IGrainFactory grains, StartWork work)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(bases.Select(basis => work.Begin(
        $"the schedule of {basis.GrainType}",
        () => grains.GetGrain<IReschedulePassGrain>(basis.GrainType).Begin(basis.Signature))));

    public Task StopAsync(CancellationToken cancellationToken) => work.Stop(cancellationToken);
}
