using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a serialiser puts the bytes of one message.</summary>
/// <remarks>
/// Either <see cref="Complete(byte[])"/> with everything, or <see cref="SetPayloadLength"/> (optional),
/// <see cref="GetBufferWriter"/> and <see cref="Complete()"/>.
/// </remarks>
public abstract class SerializationContext
{
    /// <summary>For derived classes.</summary>
    protected SerializationContext()
    {
    }

    /// <summary>Hands over the whole message and ends its serialisation.</summary>
    /// <param name="payload">The message; not changed by the caller afterwards.</param>
    public virtual void Complete(byte[] payload) => throw new NotImplementedException();

    /// <summary>The buffer to write the message into; <see cref="Complete()"/> ends it.</summary>
    /// <returns>A writer that is valid until <see cref="Complete()"/>.</returns>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotImplementedException();

    /// <summary>Announces the exact length of the message, before the buffer writer is asked for.</summary>
    /// <param name="payloadLength">Length in bytes, 0 or more.</param>
    public virtual void SetPayloadLength(int payloadLength)
    {
    }

    /// <summary>Ends a message written through <see cref="GetBufferWriter"/>.</summary>
    public virtual void Complete() => throw new NotImplementedException();
}

/// <summary>Where a deserialiser finds the bytes of one message.</summary>
public abstract class DeserializationContext
{
    /// <summary>For derived classes.</summary>
    protected DeserializationContext()
    {
    }

    /// <summary>Length of the message in bytes; 0 is a valid message.</summary>
    public abstract int PayloadLength { get; }

    /// <summary>The message as an array of the caller's own.</summary>
    /// <returns>A new array of <see cref="PayloadLength"/> bytes.</returns>
    public virtual byte[] PayloadAsNewBuffer() => throw new NotImplementedException();

    /// <summary>The message where it lies; valid only until the deserialiser returns.</summary>
    /// <returns>A sequence of <see cref="PayloadLength"/> bytes.</returns>
    public virtual ReadOnlySequence<byte> PayloadAsReadOnlySequence() => throw new NotImplementedException();
}

/// <summary>How one type of message is written and read.</summary>
/// <typeparam name="T">The type of message.</typeparam>
public class Marshaller<T>
{
    /// <summary>Uses plain byte arrays.</summary>
    /// <param name="serializer">Makes bytes of a message.</param>
    /// <param name="deserializer">Makes a message of bytes.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public Marshaller(Func<T, byte[]> serializer, Func<byte[], T> deserializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        ArgumentNullException.ThrowIfNull(deserializer);
        Serializer = serializer;
        Deserializer = deserializer;
        ContextualSerializer = (message, context) => context.Complete(serializer(message));
        ContextualDeserializer = context => deserializer(context.PayloadAsNewBuffer());
    }

    /// <summary>Uses contexts, which spare copies.</summary>
    /// <param name="serializer">Writes a message into a context.</param>
    /// <param name="deserializer">Reads a message from a context.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public Marshaller(Action<T, SerializationContext> serializer, Func<DeserializationContext, T> deserializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        ArgumentNullException.ThrowIfNull(deserializer);
        ContextualSerializer = serializer;
        ContextualDeserializer = deserializer;
        Serializer = message => ArraySerializationContext.Serialize(message, serializer);
        Deserializer = payload => deserializer(new ArrayDeserializationContext(payload));
    }

    /// <summary>Makes bytes of a message.</summary>
    public Func<T, byte[]> Serializer { get; }

    /// <summary>Makes a message of bytes.</summary>
    public Func<byte[], T> Deserializer { get; }

    /// <summary>Writes a message into a context.</summary>
    public Action<T, SerializationContext> ContextualSerializer { get; }

    /// <summary>Reads a message from a context.</summary>
    public Func<DeserializationContext, T> ContextualDeserializer { get; }
}

/// <summary>Makes marshallers.</summary>
public static class Marshallers
{
    /// <summary>A marshaller of UTF-8 text, for tests and simple services.</summary>
    public static Marshaller<string> StringMarshaller { get; } =
        new(System.Text.Encoding.UTF8.GetBytes, System.Text.Encoding.UTF8.GetString);

    /// <summary>Makes a marshaller over byte arrays.</summary>
    /// <typeparam name="T">The type of message.</typeparam>
    /// <param name="serializer">Makes bytes of a message.</param>
    /// <param name="deserializer">Makes a message of bytes.</param>
    /// <returns>The marshaller.</returns>
    public static Marshaller<T> Create<T>(Func<T, byte[]> serializer, Func<byte[], T> deserializer) =>
        new(serializer, deserializer);

    /// <summary>Makes a marshaller over contexts.</summary>
    /// <typeparam name="T">The type of message.</typeparam>
    /// <param name="serializer">Writes a message into a context.</param>
    /// <param name="deserializer">Reads a message from a context.</param>
    /// <returns>The marshaller.</returns>
    public static Marshaller<T> Create<T>(
        Action<T, SerializationContext> serializer,
        Func<DeserializationContext, T> deserializer) => new(serializer, deserializer);
}

internal sealed class ArraySerializationContext : SerializationContext
{
    private ArrayBufferWriter<byte>? writer;
    private byte[]? payload;
    private int announced;

    public static byte[] Serialize<T>(T message, Action<T, SerializationContext> serializer)
    {
        ArraySerializationContext context = new();
        serializer(message, context);
        return context.payload
            ?? throw new InvalidOperationException("The serializer returned without completing the message.");
    }

    public override void SetPayloadLength(int payloadLength) => announced = payloadLength;

    public override IBufferWriter<byte> GetBufferWriter() =>
        writer ??= announced > 0 ? new ArrayBufferWriter<byte>(announced) : new ArrayBufferWriter<byte>();

    public override void Complete() => payload = writer is null ? [] : writer.WrittenSpan.ToArray();

    public override void Complete(byte[] payload) => this.payload = payload;
}

internal sealed class ArrayDeserializationContext(byte[] payload) : DeserializationContext
{
    public override int PayloadLength => payload.Length;

    public override byte[] PayloadAsNewBuffer() => [.. payload];

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(payload);
}
