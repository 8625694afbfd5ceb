using Florist.Delivery;

namespace Florist.Tests.Simulation;

/// <summary>Couriers of the simulation take no photos.</summary>
internal sealed class NoProofs : IProofStore
{
    public Task Put(ProofImage image, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<byte[]?> Read(ProofImage image, CancellationToken cancellationToken) => Task.FromResult<byte[]?>(null);

    public bool Has(ProofImage image) => false;

    public int Purge(DateOnly today) => 0;
}
