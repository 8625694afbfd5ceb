using System.Globalization;
using System.Text;

namespace Florist.Server.Tests.Testing;

/// <summary>Made-up purchase histories, as the import reads them.</summary>
internal static class Histories
{
    /// <summary>Purchases of each customer: of 11.77 and 20.00 dollars.</summary>
    public const int PurchasesEach = 2;

    /// <summary>Writes a file of so many customers; answers its path.</summary>
    public static async Task<string> Write(string folder, int customers)
    {
        StringBuilder lines = new();
        for (int customer = 1; customer <= customers; customer++)
        {
            lines.Append(CultureInfo.InvariantCulture, $"{customer:00000} 19970101 1 11.77\r\n");
            lines.Append(CultureInfo.InvariantCulture, $"{customer:00000} 19970215 2 20.00\r\n");
        }

        string file = Path.Combine(folder, "histories.txt");
        await File.WriteAllTextAsync(file, lines.ToString());
        return file;
    }
}
