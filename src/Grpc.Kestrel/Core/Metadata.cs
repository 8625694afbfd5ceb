using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Grpc.Kestrel.Wire;

namespace Grpc.Core;

/// <summary>Headers or trailers of a call: an ordered list in which a key may occur more than once.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "The name is part of the published surface.")]
public sealed class Metadata : IList<Metadata.Entry>
{
    /// <summary>Keys with this suffix hold bytes instead of text.</summary>
    public const string BinaryHeaderSuffix = "-bin";

    /// <summary>Metadata without entries that cannot be changed.</summary>
    public static readonly Metadata Empty = new(isReadOnly: true);

    private readonly List<Entry> entries;

    /// <summary>Makes an empty list.</summary>
    public Metadata()
        : this(isReadOnly: false)
    {
    }

    private Metadata(bool isReadOnly)
    {
        entries = [];
        IsReadOnly = isReadOnly;
    }

    /// <inheritdoc/>
    public int Count => entries.Count;

    /// <summary>True for <see cref="Empty"/>: changing it throws <see cref="InvalidOperationException"/>.</summary>
    public bool IsReadOnly { get; }

    /// <inheritdoc/>
    public Entry this[int index]
    {
        get => entries[index];
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            CheckWritable();
            entries[index] = value;
        }
    }

    /// <summary>Finds the last entry of a key.</summary>
    /// <param name="key">The key; letter case does not matter.</param>
    /// <returns>The entry; null when there is none.</returns>
    public Entry? Get(string key)
    {
        for (int i = entries.Count - 1; i >= 0; i--)
        {
            if (entries[i].HasKey(key))
            {
                return entries[i];
            }
        }

        return null;
    }

    /// <summary>Finds the text of the last entry of a key.</summary>
    /// <param name="key">The key; letter case does not matter.</param>
    /// <returns>The text; null when there is no entry.</returns>
    /// <exception cref="InvalidOperationException">The entry is binary.</exception>
    public string? GetValue(string key) => Get(key)?.Value;

    /// <summary>Finds the bytes of the last entry of a key.</summary>
    /// <param name="key">The key; letter case does not matter.</param>
    /// <returns>A copy of the bytes; null when there is no entry.</returns>
    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    /// <summary>Finds all entries of a key.</summary>
    /// <param name="key">The key; letter case does not matter.</param>
    /// <returns>The entries in order.</returns>
    public IEnumerable<Entry> GetAll(string key)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            if (entries[i].HasKey(key))
            {
                yield return entries[i];
            }
        }
    }

    /// <summary>Appends a text entry.</summary>
    /// <param name="key">The key, without the suffix <c>-bin</c>.</param>
    /// <param name="value">The text.</param>
    public void Add(string key, string value) => Add(new Entry(key, value));

    /// <summary>Appends a binary entry.</summary>
    /// <param name="key">The key, with the suffix <c>-bin</c>.</param>
    /// <param name="valueBytes">The bytes; copied.</param>
    public void Add(string key, byte[] valueBytes) => Add(new Entry(key, valueBytes));

    /// <inheritdoc/>
    public void Add(Entry item)
    {
        ArgumentNullException.ThrowIfNull(item);
        CheckWritable();
        entries.Add(item);
    }

    /// <inheritdoc/>
    public int IndexOf(Entry item) => entries.IndexOf(item);

    /// <inheritdoc/>
    public void Insert(int index, Entry item)
    {
        ArgumentNullException.ThrowIfNull(item);
        CheckWritable();
        entries.Insert(index, item);
    }

    /// <inheritdoc/>
    public void RemoveAt(int index)
    {
        CheckWritable();
        entries.RemoveAt(index);
    }

    /// <inheritdoc/>
    public void Clear()
    {
        CheckWritable();
        entries.Clear();
    }

    /// <inheritdoc/>
    public bool Contains(Entry item) => entries.Contains(item);

    /// <inheritdoc/>
    public void CopyTo(Entry[] array, int arrayIndex) => entries.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public bool Remove(Entry item)
    {
        CheckWritable();
        return entries.Remove(item);
    }

    /// <inheritdoc/>
    public IEnumerator<Entry> GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => entries.GetEnumerator();

    private void CheckWritable()
    {
        if (IsReadOnly)
        {
            throw new InvalidOperationException("This metadata cannot be changed.");
        }
    }

    /// <summary>One key with its value.</summary>
    public class Entry
    {
        private readonly string? text;
        private readonly byte[]? bytes;

        /// <summary>Makes a binary entry.</summary>
        /// <param name="key">Letters, digits, <c>. _ -</c>; folded to lower case; ends in <c>-bin</c>.</param>
        /// <param name="valueBytes">The bytes; copied.</param>
        /// <exception cref="ArgumentException">The key is malformed or lacks the suffix.</exception>
        public Entry(string key, byte[] valueBytes)
            : this(NormalizeKey(key), null, valueBytes)
        {
            ArgumentNullException.ThrowIfNull(valueBytes);
            if (!HasBinarySuffix(Key))
            {
                throw new ArgumentException("A key of a binary value ends in '-bin'.", nameof(key));
            }

            bytes = [.. valueBytes];
        }

        /// <summary>Makes a text entry.</summary>
        /// <param name="key">Letters, digits, <c>. _ -</c>; folded to lower case; without <c>-bin</c>.</param>
        /// <param name="value">The text: printable ASCII.</param>
        /// <exception cref="ArgumentException">The key is malformed or has the suffix.</exception>
        public Entry(string key, string value)
            : this(NormalizeKey(key), value, null)
        {
            ArgumentNullException.ThrowIfNull(value);
            if (HasBinarySuffix(Key))
            {
                throw new ArgumentException("A key of a text value does not end in '-bin'.", nameof(key));
            }
        }

        private Entry(string key, string? text, byte[]? bytes)
        {
            Key = key;
            this.text = text;
            this.bytes = bytes;
        }

        /// <summary>The key in lower case.</summary>
        public string Key { get; }

        /// <summary>A copy of the bytes; of a text entry its ASCII bytes.</summary>
        public byte[] ValueBytes => bytes is null ? Encoding.ASCII.GetBytes(text ?? "") : [.. bytes];

        /// <summary>The text.</summary>
        /// <exception cref="InvalidOperationException">The entry is binary.</exception>
        public string Value => text
            ?? throw new InvalidOperationException("The entry is binary: read ValueBytes.");

        /// <summary>True when the value is bytes.</summary>
        public bool IsBinary => bytes is not null;

        internal ReadOnlySpan<byte> BinaryValue => bytes;

        /// <summary>Key and value for a log.</summary>
        /// <returns>Such as <c>[Entry: key=a, value=b]</c>.</returns>
        public override string ToString() => bytes is null
            ? $"[Entry: key={Key}, value={text}]"
            : $"[Entry: key={Key}, valueBytes={Convert.ToHexString(bytes)}]";

        /// <summary>An entry from the wire, whose name is known to be lower case and whose bytes are ours.</summary>
        internal static Entry FromWire(string key, byte[] ownedBytes) => new(key, null, ownedBytes);

        /// <inheritdoc cref="FromWire(string, byte[])"/>
        internal static Entry FromWire(string key, string value) => new(key, value, null);

        internal bool HasKey(string key) => string.Equals(Key, key, StringComparison.OrdinalIgnoreCase);

        internal static bool HasBinarySuffix(string key) =>
            key.EndsWith(BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase);

        private static string NormalizeKey(string key)
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            foreach (char c in key)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
                {
                    throw new ArgumentException(
                        "A metadata key holds only letters, digits, '.', '_' and '-'.", nameof(key));
                }
            }

            return MetadataFields.Lower(key);
        }
    }
}
