using Florist.Kernel;
using Microsoft.Extensions.Options;
using Orleans;

namespace Florist.Messaging;

/// <summary>Pauses sends and waits until what had begun before is over.</summary>
public interface ISendSwitch
{
    /// <summary>Pauses sends, and waits for attempts under way as long as one may last.</summary>
    /// <returns>The pause, and how many attempts had not ended by then.</returns>
    Task<Outcome<PausedSends>> Pause(PauseSends command);
}

/// <summary>What was paused.</summary>
/// <param name="Pause">The pause.</param>
/// <param name="UnderWay">Attempts that nobody has told the end of.</param>
public sealed record PausedSends(SendPause Pause, int UnderWay);

internal sealed class SendSwitch(IGrainFactory grains, IOptions<MessagingOptions> options) : ISendSwitch
{
    public async Task<Outcome<PausedSends>> Pause(PauseSends command)
    {
        ISendPausesGrain pauses = grains.GetGrain<ISendPausesGrain>(ISendPausesGrain.Key);
        if ((await pauses.Pause(command)).Failed(out Fault? fault, out SendPause? pause))
        {
            return fault;
        }

        TimeProvider clock = options.Value.Clock;
        long paused = clock.GetTimestamp();
        int underWay;
        do
        {
            underWay = await pauses.AwaitAttempts(command.Scope);
        }
        while (underWay > 0 && clock.GetElapsedTime(paused) < options.Value.SendTimeout);
        return new PausedSends(pause, underWay);
    }
}
