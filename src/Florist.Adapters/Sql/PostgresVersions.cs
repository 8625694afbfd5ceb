using Npgsql;

namespace Florist.Adapters.Sql;

/// <summary>Reads the versions of states, on the connection that writes them.</summary>
internal static class PostgresVersions
{
    private const string Select = """
        SELECT s.grain_key, s.state_name, s.version
        FROM unnest($1, $2) AS w (grain_key, state_name)
        JOIN grain_state AS s ON s.grain_key = w.grain_key AND s.state_name = w.state_name
        """;

    /// <summary>The stored versions of all states that are to be written; those without a row are left out.</summary>
    public static Dictionary<(string GrainKey, string StateName), long> Read(
        NpgsqlConnection connection, IEnumerable<PostgresWrite> writes)
    {
        (string GrainKey, string StateName)[] places =
            [.. writes.OfType<PostgresCommit>().Select(commit => commit.Write.Place).Distinct()];
        using NpgsqlCommand command = new(Select, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string[]> { TypedValue = [.. places.Select(place => place.GrainKey)] },
                new NpgsqlParameter<string[]> { TypedValue = [.. places.Select(place => place.StateName)] },
            },
        };
        Dictionary<(string, string), long> versions = [];
        using NpgsqlDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            versions[(reader.GetString(0), reader.GetString(1))] = reader.GetInt64(2);
        }

        return versions;
    }
}
