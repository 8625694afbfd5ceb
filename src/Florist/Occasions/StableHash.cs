using System.Text;

namespace Florist.Occasions;

/// <summary>
/// A hash that is the same in every process and for ever, unlike <see cref="string.GetHashCode()"/>: reminders are
/// spread by it, and a replay must not move them. FNV-1a, finished with MurmurHash's mixer so that all bits depend on
/// all bytes.
/// </summary>
internal static class StableHash
{
    public static ulong Of(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (byte next in Encoding.UTF8.GetBytes(text))
        {
            hash = unchecked((hash ^ next) * 1099511628211);
        }

        hash = unchecked((hash ^ (hash >> 33)) * 0xff51afd7ed558ccd);
        hash = unchecked((hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53);
        return hash ^ (hash >> 33);
    }
}
