using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Kestrel.Server;
using Grpc.Testing;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.Kestrel.Tests.Testing;

/// <summary>The service that the clients of other implementations are tested with.</summary>
internal sealed class InteropService : TestService.TestServiceBase
{
    private const string EchoInitial = "x-grpc-test-echo-initial";
    private const string EchoTrailing = "x-grpc-test-echo-trailing-bin";

    public override async Task<Empty> EmptyCall(Empty request, ServerCallContext context)
    {
        await EchoMetadata(context);
        return new Empty();
    }

    public override async Task<SimpleResponse> UnaryCall(SimpleRequest request, ServerCallContext context)
    {
        await EchoMetadata(context);
        Expect(request.ExpectCompressed, context);
        Refuse(request.ResponseStatus);
        if (request.ResponseCompressed is { Value: false })
        {
            context.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        }

        return new SimpleResponse { Payload = Zeros(request.ResponseSize) };
    }

    public override async Task StreamingOutputCall(
        StreamingOutputCallRequest request,
        IServerStreamWriter<StreamingOutputCallResponse> responseStream,
        ServerCallContext context)
    {
        await EchoMetadata(context);
        Refuse(request.ResponseStatus);
        await Answer(request, responseStream, context);
    }

    public override async Task<StreamingInputCallResponse> StreamingInputCall(
        IAsyncStreamReader<StreamingInputCallRequest> requestStream, ServerCallContext context)
    {
        await EchoMetadata(context);
        int size = 0;
        await foreach (StreamingInputCallRequest request in requestStream.ReadAllAsync())
        {
            Expect(request.ExpectCompressed, context);
            size += request.Payload?.Body.Length ?? 0;
        }

        return new StreamingInputCallResponse { AggregatedPayloadSize = size };
    }

    public override async Task FullDuplexCall(
        IAsyncStreamReader<StreamingOutputCallRequest> requestStream,
        IServerStreamWriter<StreamingOutputCallResponse> responseStream,
        ServerCallContext context)
    {
        await EchoMetadata(context);
        await foreach (StreamingOutputCallRequest request in requestStream.ReadAllAsync())
        {
            Refuse(request.ResponseStatus);
            await Answer(request, responseStream, context);
        }
    }

    public override async Task HalfDuplexCall(
        IAsyncStreamReader<StreamingOutputCallRequest> requestStream,
        IServerStreamWriter<StreamingOutputCallResponse> responseStream,
        ServerCallContext context)
    {
        List<StreamingOutputCallRequest> requests = [];
        await foreach (StreamingOutputCallRequest request in requestStream.ReadAllAsync())
        {
            requests.Add(request);
        }

        foreach (StreamingOutputCallRequest request in requests)
        {
            await Answer(request, responseStream, context);
        }
    }

    private static async Task Answer(
        StreamingOutputCallRequest request,
        IServerStreamWriter<StreamingOutputCallResponse> responses,
        ServerCallContext context)
    {
        foreach (ResponseParameters parameters in request.ResponseParameters)
        {
            if (parameters.IntervalUs > 0)
            {
                await Task.Delay(TimeSpan.FromMicroseconds(parameters.IntervalUs), context.CancellationToken);
            }

            responses.WriteOptions = parameters.Compressed is { Value: false }
                ? new WriteOptions(WriteFlags.NoCompress)
                : null;
            await responses.WriteAsync(new StreamingOutputCallResponse { Payload = Zeros(parameters.Size) });
        }
    }

    private static async Task EchoMetadata(ServerCallContext context)
    {
        if (context.RequestHeaders.GetValueBytes(EchoTrailing) is byte[] trailing)
        {
            context.ResponseTrailers.Add(EchoTrailing, trailing);
        }

        if (context.RequestHeaders.GetValue(EchoInitial) is string initial)
        {
            await context.WriteResponseHeadersAsync(new Metadata { { EchoInitial, initial } });
        }
    }

    private static void Expect(BoolValue? compressed, ServerCallContext context)
    {
        ServerCall call = (ServerCall)context.GetHttpContext().Features
            .GetRequiredFeature<IServerCallContextFeature>().ServerCallContext;
        if (compressed is { Value: true } && !call.Reader.WasCompressed)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "The request is not compressed."));
        }
    }

    private static void Refuse(EchoStatus? status)
    {
        if (status is { Code: not 0 })
        {
            throw new RpcException(new Status((StatusCode)status.Code, status.Message));
        }
    }

    private static Payload Zeros(int size) => new() { Body = ByteString.CopyFrom(new byte[size]) };
}
