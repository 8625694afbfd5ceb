namespace Florist.Kernel;

/// <summary>Random keys of this installation, made when first asked for and kept with its data.</summary>
public interface ISecrets
{
    /// <summary>The key of this name: 32 random bytes, the same for the whole life of the installation.</summary>
    Task<byte[]> GetOrCreate(string name, CancellationToken cancellationToken);
}
