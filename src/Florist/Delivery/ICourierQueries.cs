using Florist.Kernel;

namespace Florist.Delivery;

/// <summary>Questions about couriers that no single grain can answer.</summary>
public interface ICourierQueries
{
    /// <summary>What was rejected of a courier's reports, by all its producers, the latest first.</summary>
    Task<Page<RejectedReport>> Rejected(CourierId courier, PageRequest page, CancellationToken cancellationToken);
}
