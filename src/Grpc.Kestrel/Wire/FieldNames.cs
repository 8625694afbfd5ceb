namespace Grpc.Kestrel.Wire;

/// <summary>Names and values of header fields that the protocol itself uses.</summary>
internal static class FieldNames
{
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string IdentityEncoding = "identity";
    public const string ContentType = "application/grpc";

    /// <summary>HTTP/2 error codes (RFC 9113, section 7) with which a stream is reset.</summary>
    public const int ResetInternalError = 2;

    /// <inheritdoc cref="ResetInternalError"/>
    public const int ResetCancel = 8;
}
