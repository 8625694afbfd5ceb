using System.Security.Cryptography;
using Florist.Kernel;
using Microsoft.Data.Sqlite;

namespace Florist.Adapters.Sql;

/// <summary>Keys in the database.</summary>
internal sealed class SqliteSecrets(SqliteDatabase database) : ISecrets
{
    private const int SecretBytes = 32;

    public async Task<byte[]> GetOrCreate(string name, CancellationToken cancellationToken)
    {
        byte[]? found = await database.Readers.Read(session => Find(session, name), cancellationToken);
        return found ?? await database.Writer.Run(SecretBytes, session => GetOrCreate(session, name));
    }

    /// <summary>The key of this name, on the connection that writes.</summary>
    public static byte[] GetOrCreate(SqliteSession session, string name)
    {
        session.Execute(
            "INSERT INTO secret (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
            name,
            RandomNumberGenerator.GetBytes(SecretBytes));
        return Find(session, name) ?? throw new InvalidOperationException($"the secret '{name}' was not stored");
    }

    private static byte[]? Find(SqliteSession session, string name)
    {
        using SqliteDataReader reader = session.Query("SELECT value FROM secret WHERE name = $1", name);
        return reader.Read() ? reader.GetFieldValue<byte[]>(0) : null;
    }
}
