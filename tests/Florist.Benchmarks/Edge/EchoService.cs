using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Florist.Benchmarks.Edge;

/// <summary>What generated code would be for the service.</summary>
[BindServiceMethod(typeof(EchoBase), nameof(Bind))]
internal abstract class EchoBase
{
    private static readonly Marshaller<BytesValue> Bytes = Marshallers.Create<BytesValue>(
        static (message, context) =>
        {
            context.SetPayloadLength(message.CalculateSize());
            message.WriteTo(context.GetBufferWriter());
            context.Complete();
        },
        static context => BytesValue.Parser.ParseFrom(context.PayloadAsReadOnlySequence()));

    private static readonly Method<BytesValue, BytesValue> UnaryMethod =
        new(MethodType.Unary, "bench.v1.Echo", "Unary", Bytes, Bytes);

    private static readonly Method<BytesValue, BytesValue> SpreadMethod =
        new(MethodType.ServerStreaming, "bench.v1.Echo", "Spread", Bytes, Bytes);

    private static readonly Method<BytesValue, BytesValue> BufferedMethod =
        new(MethodType.ServerStreaming, "bench.v1.Echo", "Buffered", Bytes, Bytes);

    public static void Bind(ServiceBinderBase binder, EchoBase? service)
    {
        binder.AddMethod(UnaryMethod, service is null ? null : service.Unary);
        binder.AddMethod(SpreadMethod, service is null ? null : service.Spread);
        binder.AddMethod(BufferedMethod, service is null ? null : service.Buffered);
    }

    public abstract Task<BytesValue> Unary(BytesValue request, ServerCallContext context);

    public abstract Task Spread(
        BytesValue request, IServerStreamWriter<BytesValue> responses, ServerCallContext context);

    public abstract Task Buffered(
        BytesValue request, IServerStreamWriter<BytesValue> responses, ServerCallContext context);
}

/// <summary>Says everything back, with as little work of its own as a service can have.</summary>
internal sealed class EchoService : EchoBase
{
    public override Task<BytesValue> Unary(BytesValue request, ServerCallContext context) => Task.FromResult(request);

    public override async Task Spread(
        BytesValue request, IServerStreamWriter<BytesValue> responses, ServerCallContext context)
    {
        for (int i = 0; i < EdgeHosts.StreamLength; i++)
        {
            await responses.WriteAsync(request);
        }
    }

    public override async Task Buffered(
        BytesValue request, IServerStreamWriter<BytesValue> responses, ServerCallContext context)
    {
        responses.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
        for (int i = 0; i < EdgeHosts.StreamLength; i++)
        {
            await responses.WriteAsync(request);
        }
    }
}
