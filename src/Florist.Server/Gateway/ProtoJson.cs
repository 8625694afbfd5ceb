using System.Buffers;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;

namespace Florist.Server.Gateway;

/// <summary>Writes messages and errors in the JSON mapping of protobuf.</summary>
internal static class ProtoJson
{
    /// <summary>Fields without a value are written too, so that a program need not know the defaults.</summary>
    private static readonly JsonFormatter Formatter = new(
        JsonFormatter.Settings.Default
            .WithFormatDefaultValues(true)
            .WithTypeRegistry(TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor)));

    // Details are told without the defaults, which would only bury what was said.
    private static readonly JsonFormatter Brief = new(
        JsonFormatter.Settings.Default.WithTypeRegistry(TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor)));

    /// <summary>A message as JSON in UTF-8.</summary>
    public static byte[] Write(IMessage message) => Encoding.UTF8.GetBytes(Formatter.Format(message));

    /// <summary>One detail of an error as JSON.</summary>
    public static string WriteBrief(IMessage message) => Brief.Format(message);

    /// <summary>
    /// The body of a failed call: <c>{"error": {"code", "status", "message", "details"}}</c> (AIP-193).
    /// </summary>
    public static byte[] WriteError(CallEnd end, int httpStatus)
    {
        ArrayBufferWriter<byte> buffer = new(512);
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteNumber("code", httpStatus);
            json.WriteString("status", HttpStatuses.NameOf(end.Code));
            json.WriteString("message", end.Status.Message);
            json.WriteStartArray("details");
            foreach (IMessage detail in end.Status.Details)
            {
                json.WriteRawValue(WriteBrief(detail));
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
