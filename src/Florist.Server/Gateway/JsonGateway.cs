using System.Collections.Immutable;
using Florist.Kernel;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Status = Google.Rpc.Status;

namespace Florist.Server.Gateway;

/// <summary>
/// Every RPC with a <c>google.api.http</c> annotation as HTTP and JSON: one answer for an ordinary method, one line for
/// each answer of a server stream (newline-delimited JSON, whose last line is the error when the stream failed). The
/// request becomes the gRPC call that it means and passes through the server as any other.
/// </summary>
internal sealed class JsonGateway(RequestDelegate next, RouteTable routes, IOptions<GatewayOptions> options)
{
    private const string Json = "application/json";
    private const string OurPaths = "/v1/";
    private const string JsonLines = "application/x-ndjson";

    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    /// <summary>Answers a request for one of the routes; others go on.</summary>
    public async Task Invoke(HttpContext http)
    {
        string path = http.Request.Path.Value ?? "";
        if (routes.Find(http.Request.Method, path, out ImmutableArray<string> allowed) is { } match)
        {
            await Answer(http, match);
        }
        else if (!allowed.IsEmpty && !HttpMethods.IsOptions(http.Request.Method))
        {
            http.Response.Headers.Allow = string.Join(", ", allowed);
            await WriteRefusal(
                http,
                StatusCodes.Status405MethodNotAllowed,
                Refusal(StatusCode.Unimplemented, "METHOD_NOT_ALLOWED", "this path has no such method"));
        }
        else if (path.StartsWith(OurPaths, StringComparison.Ordinal))
        {
            await WriteRefusal(
                http,
                StatusCodes.Status404NotFound,
                Refusal(StatusCode.NotFound, "PATH_UNKNOWN", "no method has this path"));
        }
        else
        {
            await next(http);
        }
    }

    private static CallEnd Refusal(StatusCode code, string reason, string text)
    {
        Status status = new() { Code = (int)code, Message = text };
        status.Details.Add(Google.Protobuf.WellKnownTypes.Any.Pack(
            new ErrorInfo { Reason = reason, Domain = FaultStatus.Domain }));
        return CallEnd.Of(status);
    }

    private static Task WriteEnd(HttpContext http, CallEnd end)
    {
        foreach (Google.Protobuf.WellKnownTypes.Any detail in end.Status.Details)
        {
            if (detail.TryUnpack(out RetryInfo retry))
            {
                double seconds = Math.Ceiling(retry.RetryDelay.ToTimeSpan().TotalSeconds);
                http.Response.Headers.RetryAfter = new StringValues(((long)seconds).ToString(
                    System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        if (end.Code == StatusCode.Unauthenticated)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return WriteRefusal(http, HttpStatuses.Of(end.Code), end);
    }

    private static async Task WriteRefusal(HttpContext http, int httpStatus, CallEnd end)
    {
        byte[] error = ProtoJson.WriteError(end, httpStatus);
        http.Response.StatusCode = httpStatus;
        http.Response.ContentType = Json;
        http.Response.ContentLength = error.Length;
        await http.Response.Body.WriteAsync(error, http.RequestAborted);
    }

    private static void CopyTrailers(HttpContext http, CallEnd end)
    {
        foreach ((string name, string value) in end.Trailers)
        {
            http.Response.Headers.Append(name, value);
        }
    }

    private async Task Answer(HttpContext http, RouteMatch match)
    {
        if (http.Request.ContentType is not null && !RequestBody.IsOfType(http.Request, Json))
        {
            await WriteRefusal(
                http,
                StatusCodes.Status415UnsupportedMediaType,
                Refusal(StatusCode.InvalidArgument, "CONTENT_TYPE_UNSUPPORTED", "send the body as application/json"));
            return;
        }

        byte[]? body = await RequestBody.Read(http, options.Value.BodySizeMax);
        if (body is null)
        {
            await WriteRefusal(
                http,
                StatusCodes.Status413PayloadTooLarge,
                Refusal(StatusCode.ResourceExhausted, "BODY_TOO_LARGE", "the body is larger than this server takes"));
            return;
        }

        if (Assemble(http, match, body).Failed(out Fault? fault, out IMessage? request))
        {
            await WriteEnd(http, CallEnd.Of(fault.ToStatus()));
            return;
        }

        GrpcExchange exchange = new(http, match.Route.Method, request);
        await (match.Route.Method.IsServerStreaming ? Stream(http, exchange) : Single(http, exchange));
    }

    private Outcome<IMessage> Assemble(HttpContext http, RouteMatch match, byte[] body)
    {
        List<(string, string)> query = [];
        foreach ((string name, StringValues values) in http.Request.Query)
        {
            query.AddRange(values.Select(value => (name, value ?? "")));
        }

        return query.Count > options.Value.QueryParametersMax
            ? Fault.Invalid("query", "TOO_MANY_PARAMETERS", $"at most {options.Value.QueryParametersMax} parameters")
            : RequestJson.Assemble(match, query, body);
    }

    private async Task Single(HttpContext http, GrpcExchange exchange)
    {
        await exchange.Run(next);
        CallEnd end = exchange.End;
        exchange.Restore();
        exchange.CleanHeaders();
        CopyTrailers(http, end);
        if (!end.IsOk)
        {
            await WriteEnd(http, end);
            return;
        }

        IMessage answer = await exchange.Read()
            ?? throw new InvalidDataException("The method succeeded without an answer.");
        byte[] json = ProtoJson.Write(answer);
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = Json;
        http.Response.ContentLength = json.Length;
        await http.Response.Body.WriteAsync(json, http.RequestAborted);
    }

    private async Task Stream(HttpContext http, GrpcExchange exchange)
    {
        Task call = exchange.Run(next);
        bool hasBegun = false;
        try
        {
            while (await exchange.Read() is { } answer)
            {
                if (!hasBegun)
                {
                    hasBegun = true;
                    BeginLines(http, exchange);
                }

                await WriteLine(http, exchange.Client, ProtoJson.Write(answer));
            }
        }
        finally
        {
            await exchange.StopReading();
            await call;
        }

        CallEnd end = exchange.End;
        exchange.Restore();
        if (hasBegun)
        {
            await (end.IsOk
                ? Task.CompletedTask
                : WriteLine(http, exchange.Client, ProtoJson.WriteError(end, HttpStatuses.Of(end.Code))));
        }
        else if (end.IsOk)
        {
            BeginLines(http, exchange);
        }
        else
        {
            exchange.CleanHeaders();
            await WriteEnd(http, end);
        }
    }

    private static void BeginLines(HttpContext http, GrpcExchange exchange)
    {
        exchange.CleanHeaders();
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentType = JsonLines;
    }

    private static async Task WriteLine(HttpContext http, Stream client, byte[] json)
    {
        await client.WriteAsync(json, http.RequestAborted);
        await client.WriteAsync(LineEnd, http.RequestAborted);
        await client.FlushAsync(http.RequestAborted);
    }
}
