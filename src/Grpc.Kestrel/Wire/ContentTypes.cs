namespace Grpc.Kestrel.Wire;

/// <summary>Reads the content type of a call.</summary>
internal static class ContentTypes
{
    /// <summary>True for <c>application/grpc</c>, alone or with <c>+codec</c> or <c>;parameters</c>.</summary>
    public static bool IsGrpc(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(FieldNames.ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == FieldNames.ContentType.Length
            || contentType[FieldNames.ContentType.Length] is '+' or ';' or ' ');

    /// <summary>True when the messages are protobuf, which a content type without a codec says too.</summary>
    public static bool IsGrpcProtobuf(string? contentType)
    {
        // What nearly every client sends.
        if (contentType == FieldNames.ContentType)
        {
            return true;
        }

        if (contentType is null || !IsGrpc(contentType))
        {
            return false;
        }

        ReadOnlySpan<char> rest = contentType.AsSpan(FieldNames.ContentType.Length);
        int parameters = rest.IndexOf(';');
        ReadOnlySpan<char> codec = (parameters < 0 ? rest : rest[..parameters]).Trim(' ');
        return codec.IsEmpty || codec.Equals("+proto", StringComparison.OrdinalIgnoreCase);
    }
}
