using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Florist.Kernel;

namespace Florist.Operations;

/// <summary>Names of parked items: their source, and the key in a form that may stand in a path.</summary>
internal static class ParkedNames
{
    private const string Collection = "parkedItems/";

    /// <summary>The resource name.</summary>
    public static string Name(ParkedId id) =>
        $"{Collection}{Word(id.Source)}-{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(id.Key))}";

    /// <summary>Reads a resource name.</summary>
    /// <returns>False when it is none.</returns>
    public static bool TryRead(string name, [NotNullWhen(true)] out ParkedId? id)
    {
        id = null;
        int dash = name.IndexOf('-', StringComparison.Ordinal);
        if (dash < Collection.Length || !name.StartsWith(Collection, StringComparison.Ordinal))
        {
            return false;
        }

        string source = name[Collection.Length..dash];
        string key = name[(dash + 1)..];
        foreach (ParkedSource known in Enum.GetValues<ParkedSource>())
        {
            if (source == Word(known) && key.Length > 0 && Base64Url.IsValid(key))
            {
                id = new ParkedId(known, Encoding.UTF8.GetString(Base64Url.DecodeFromChars(key)));
                return true;
            }
        }

        return false;
    }

    private static string Word(ParkedSource source) => source.ToString().ToLowerInvariant();
}
