using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Florist.Tests.Simulation;

/// <summary>
/// The one judge of every run. It knows what clients were told and what providers took, and looks at nothing of the
/// shop but what is committed.
/// </summary>
/// <remarks>
/// I1 what was acknowledged is there. I2 nothing is there that nobody asked for, and nothing twice. I3 each message
/// reached its provider as often as its record and its kind allow. I4 no effect outside without its cause inside.
/// I5 a wake-up row where, and only where, a state has something due. I6 orders and deliveries took legal steps only.
/// I7 without faults everything due gets done. I8 the database is whole. I9 index rows and sums equal a fold over the
/// states.
/// </remarks>
internal sealed class Checker(Simulation simulation)
{
    private readonly DataChecks data = new(simulation);
    private readonly PromiseChecks promises = new(simulation);
    private readonly MessageChecks messages = new(simulation);
    private readonly EndChecks ends = new(simulation);

    /// <summary>What holds at every moment, also right after a death.</summary>
    public void CheckAlways()
    {
        data.CheckWakes();
        data.CheckPaths();
    }

    /// <summary>What takes longer to look at, at the end of a run.</summary>
    public void CheckWhole()
    {
        data.CheckIntegrity();
        data.CheckIndexes();
        promises.Check();
        messages.Check();
    }

    /// <summary>I7, soon after the faults stopped.</summary>
    public void CheckNothingIsOverdue() => ends.CheckNothingIsOverdue();

    /// <summary>I7, long after the faults stopped.</summary>
    public void CheckEverythingCameToAnEnd() => ends.CheckEverythingCameToAnEnd();

    /// <summary>A hash of all that is committed, for the trace.</summary>
    public string DigestOfData()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string sql in new[]
        {
            "SELECT * FROM grain_state ORDER BY grain_key, state_name",
            "SELECT * FROM grain_row ORDER BY owner, kind, id",
            "SELECT * FROM wake ORDER BY grain_key",
            "SELECT * FROM outbox ORDER BY key",
            "SELECT * FROM customer_index ORDER BY customer_id",
            "SELECT * FROM order_index ORDER BY order_id",
        })
        {
            foreach (string row in simulation.Oracle.List(sql, Text))
            {
                hash.AppendData(Encoding.UTF8.GetBytes(row));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Text(SqliteDataReader reader)
    {
        StringBuilder row = new();
        for (int i = 0; i < reader.FieldCount; i++)
        {
            row.Append(reader.GetValue(i) switch
            {
                byte[] bytes => Encoding.UTF8.GetString(bytes),
                object value => Convert.ToString(value, CultureInfo.InvariantCulture),
            }).Append('\u001F');
        }

        return row.ToString();
    }
}
