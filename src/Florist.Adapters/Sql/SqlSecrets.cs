using System.Collections.Immutable;
using System.Security.Cryptography;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>Keys in the database.</summary>
internal sealed class SqlSecrets(ISqlDatabase database) : ISecrets
{
    /// <summary>Reads a key.</summary>
    public const string Select = "SELECT value FROM secret WHERE name = $1";

    /// <summary>Keeps a key unless there is one.</summary>
    public const string Insert = "INSERT INTO secret (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";

    private const int SecretBytes = 32;

    public async Task<byte[]> GetOrCreate(string name, CancellationToken cancellationToken)
    {
        if (await Find(name, cancellationToken) is { } found)
        {
            return found;
        }

        await database.Change(name, Insert, name, Fresh());
        return await Find(name, cancellationToken)
            ?? throw new InvalidOperationException($"the secret '{name}' was not stored");
    }

    /// <summary>A new key.</summary>
    public static byte[] Fresh() => RandomNumberGenerator.GetBytes(SecretBytes);

    private async Task<byte[]?> Find(string name, CancellationToken cancellationToken)
    {
        ImmutableArray<byte[]> found = await database.Read(
            Select, [name], row => row.GetFieldValue<byte[]>(0), cancellationToken);
        return found.FirstOrDefault();
    }
}
