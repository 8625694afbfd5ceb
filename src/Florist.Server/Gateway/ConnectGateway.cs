using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Florist.Kernel;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Status = Google.Rpc.Status;

namespace Florist.Server.Gateway;

/// <summary>
/// Ordinary methods by the Connect protocol: a POST of JSON or of the bare message to the method's gRPC path, answered
/// with an HTTP status, and an error that can be read in a browser's network inspector. Streams are served as gRPC and
/// gRPC-Web, which the same clients speak.
/// </summary>
internal sealed class ConnectGateway(
    RequestDelegate next, Contracts contracts, IOptions<GatewayOptions> options)
{
    private const string Json = "application/json";
    private const string Proto = "application/proto";
    private const string TimeoutField = "connect-timeout-ms";
    private const string VersionField = "connect-protocol-version";
    private const int TimeoutDigitsMax = 10;

    private readonly FrozenDictionary<string, MethodDescriptor> methods = contracts.Services
        .SelectMany(service => service.Methods)
        .ToFrozenDictionary(method => $"/{method.Service.FullName}/{method.Name}", StringComparer.Ordinal);

    /// <summary>Answers a Connect request; others go on.</summary>
    public async Task Invoke(HttpContext http)
    {
        bool isJson = RequestBody.IsOfType(http.Request, Json);
        if (!HttpMethods.IsPost(http.Request.Method)
            || !(isJson || RequestBody.IsOfType(http.Request, Proto))
            || !methods.TryGetValue(http.Request.Path.Value ?? "", out MethodDescriptor? method))
        {
            await next(http);
            return;
        }

        if (method.IsClientStreaming || method.IsServerStreaming)
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        byte[]? body = await RequestBody.Read(http, options.Value.BodySizeMax);
        if (body is null)
        {
            await WriteError(http, FaultStatus.Make(
                StatusCode.ResourceExhausted, "BODY_TOO_LARGE", "the body is larger than this server takes"));
        }
        else if (Check(http) is { } wrong)
        {
            await WriteError(http, wrong.ToException());
        }
        else if (Read(method, isJson, body).Failed(out Fault? fault, out IMessage? request))
        {
            await WriteError(http, fault.ToException());
        }
        else
        {
            await Call(http, method, request, isJson);
        }
    }

    private static Fault? Check(HttpContext http)
    {
        IHeaderDictionary headers = http.Request.Headers;
        if (headers[VersionField].ToString() is not ("" or "1"))
        {
            return Fault.Invalid(VersionField, "VERSION_UNSUPPORTED", "must be 1");
        }

        string timeout = headers[TimeoutField].ToString();
        if (timeout.Length == 0)
        {
            return null;
        }

        if (timeout.Length > TimeoutDigitsMax
            || !long.TryParse(timeout, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds))
        {
            return Fault.Invalid(TimeoutField, "TIMEOUT_INVALID", "must be milliseconds of at most ten digits");
        }

        // gRPC's own field takes eight digits and a unit, so long times are told in seconds.
        headers["grpc-timeout"] = milliseconds < 100_000_000
            ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds}m")
            : string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000}S");
        return null;
    }

    private static Outcome<IMessage> Read(MethodDescriptor method, bool isJson, byte[] body)
    {
        if (isJson)
        {
            return RequestJson.Read(method.InputType, body);
        }

        try
        {
            return new Outcome<IMessage>(method.InputType.Parser.ParseFrom(body), null);
        }
        catch (InvalidProtocolBufferException)
        {
            return Fault.Invalid("body", "INVALID_MESSAGE", "is no message " + method.InputType.FullName);
        }
    }

    private static Task WriteError(HttpContext http, RpcException error)
    {
        byte[] details = error.Trailers.GetValueBytes(FaultStatus.DetailsTrailer) ?? [];
        return WriteEnd(http, CallEnd.Of(Status.Parser.ParseFrom(details)));
    }

    private static async Task WriteEnd(HttpContext http, CallEnd end)
    {
        ArrayBufferWriter<byte> buffer = new(512);
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("code", ConnectName(end.Code));
            json.WriteString("message", end.Status.Message);
            json.WriteStartArray("details");
            foreach (Any detail in end.Status.Details)
            {
                json.WriteStartObject();
                json.WriteString("type", Any.GetTypeName(detail.TypeUrl));
                json.WriteString("value", Convert.ToBase64String(detail.Value.Span).TrimEnd('='));
                json.WritePropertyName("debug");
                json.WriteRawValue(ProtoJson.WriteBrief(detail));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        http.Response.StatusCode = HttpStatuses.Of(end.Code);
        http.Response.ContentType = Json;
        http.Response.ContentLength = buffer.WrittenCount;
        await http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
    }

    // The protocol spells one name differently from everybody else.
    private static string ConnectName(StatusCode code) =>
        code == StatusCode.Cancelled ? "canceled" : HttpStatuses.NameOf(code).ToLowerInvariant();

    private async Task Call(HttpContext http, MethodDescriptor method, IMessage request, bool isJson)
    {
        GrpcExchange exchange = new(http, method, request);
        await exchange.Run(next);
        CallEnd end = exchange.End;
        exchange.Restore();
        exchange.CleanHeaders();
        foreach ((string name, string value) in end.Trailers)
        {
            http.Response.Headers.Append("Trailer-" + name, value);
        }

        if (!end.IsOk)
        {
            await WriteEnd(http, end);
            return;
        }

        IMessage answer = await exchange.Read()
            ?? throw new InvalidDataException("The method succeeded without an answer.");
        byte[] body = isJson ? ProtoJson.Write(answer) : answer.ToByteArray();
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = isJson ? Json : Proto;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
