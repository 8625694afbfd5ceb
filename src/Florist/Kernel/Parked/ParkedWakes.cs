using Orleans.Runtime;

namespace Florist.Kernel;

/// <summary>
/// Parked wake-ups. They are not dropped: a wake-up is not work of its own but stands for what its grain's state says
/// is due, and a grain without one would sleep for ever.
/// </summary>
internal sealed class ParkedWakes(IWakeTable table) : IParkedSource
{
    public ParkedSource Source => ParkedSource.Wake;

    public bool CanRetry => true;

    public bool CanDrop => false;

    public Task<bool> Retry(string key, CancellationToken cancellationToken) => table.Retry(GrainId.Parse(key));

    public Task<bool> Drop(string key, CancellationToken cancellationToken) =>
        throw new NotSupportedException("a wake-up cannot be dropped");
}
