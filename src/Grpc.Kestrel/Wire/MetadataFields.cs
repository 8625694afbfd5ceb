using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.Kestrel.Wire;

/// <summary>Turns header fields into metadata and back.</summary>
internal static class MetadataFields
{
    /// <summary>
    /// Adds one field as it came. Binary values may be joined by commas and may lack their padding.
    /// </summary>
    /// <exception cref="RpcException">A binary value is not base64: INTERNAL.</exception>
    public static void Add(Metadata metadata, string name, string value)
    {
        if (IsHidden(name))
        {
            return;
        }

        string key = Lower(name);
        if (!Metadata.Entry.HasBinarySuffix(key))
        {
            metadata.Add(Metadata.Entry.FromWire(key, value));
            return;
        }

        foreach (Range part in value.AsSpan().Split(','))
        {
            metadata.Add(Metadata.Entry.FromWire(key, DecodeBinary(key, value.AsSpan()[part])));
        }
    }

    /// <summary>Reads all fields of a request.</summary>
    public static Metadata Read(IHeaderDictionary fields)
    {
        Metadata metadata = [];
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in fields)
        {
            foreach (string? value in values)
            {
                Add(metadata, name, value ?? "");
            }
        }

        return metadata;
    }

    /// <summary>Adds metadata to the fields of a response, leaving out what the protocol reserves for itself.</summary>
    /// <exception cref="ArgumentException">A text is not printable ASCII.</exception>
    public static void Append(IHeaderDictionary fields, Metadata metadata)
    {
        CheckPrintable(metadata);
        for (int i = 0; i < metadata.Count; i++)
        {
            Metadata.Entry entry = metadata[i];
            if (!IsReserved(entry.Key))
            {
                fields.Append(entry.Key, FieldValue(entry));
            }
        }
    }

    /// <summary>Finds text that cannot travel in a header field before anything has been sent.</summary>
    /// <exception cref="ArgumentException">A text is not printable ASCII.</exception>
    public static void CheckPrintable(Metadata metadata)
    {
        for (int i = 0; i < metadata.Count; i++)
        {
            Metadata.Entry entry = metadata[i];
            if (!entry.IsBinary && entry.Value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                throw new ArgumentException(
                    $"The metadata '{entry.Key}' holds characters outside printable ASCII; use a '-bin' key.");
            }
        }
    }

    public static string FieldValue(Metadata.Entry entry) =>
        entry.IsBinary ? Convert.ToBase64String(entry.BinaryValue) : entry.Value;

    /// <summary>
    /// Names that users may not set. Binary ones, such as status details and trace contexts, are theirs all the same.
    /// </summary>
    public static bool IsReserved(string name) =>
        name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase) && !Metadata.Entry.HasBinarySuffix(name);

    [SuppressMessage("Globalization", "CA1308", Justification = "Names on the wire are lower case.")]
    public static string Lower(string name) =>
        name.AsSpan().ContainsAnyInRange('A', 'Z') ? name.ToLowerInvariant() : name;

    private static bool IsHidden(string name) => name.Length == 0 || name[0] == ':' || IsReserved(name)
        || name.Equals("content-type", StringComparison.OrdinalIgnoreCase)
        || name.Equals("content-encoding", StringComparison.OrdinalIgnoreCase)
        || name.Equals("te", StringComparison.OrdinalIgnoreCase)
        || name.Equals("host", StringComparison.OrdinalIgnoreCase)
        || name.Equals("accept-encoding", StringComparison.OrdinalIgnoreCase);

    private static byte[] DecodeBinary(string key, ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> digits = text.Trim(' ').TrimEnd('=');
        int padded = (digits.Length + 3) / 4 * 4;
        Span<char> quads = padded <= 256 ? stackalloc char[padded] : new char[padded];
        digits.CopyTo(quads);
        quads[digits.Length..].Fill('=');
        byte[] bytes = new byte[digits.Length * 3 / 4];
        if (!Convert.TryFromBase64Chars(quads, bytes, out int written) || written != bytes.Length)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"The metadata '{key}' is not base64."));
        }

        return bytes;
    }
}
