using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Proto = Florist.Protos.Delivery.V1.Delivery;

namespace Florist.Tests.Delivery.Streaming;

/// <summary>A courier's end of a stream.</summary>
internal sealed class CourierCall(AsyncDuplexStreamingCall<StreamUpdatesRequest, StreamUpdatesResponse> call)
    : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<CourierCall> Open(
        CourierServer server, long next = 1, string producer = "depot", string courier = "swift")
    {
        CourierCall call = new(server.Couriers($"Courier:{courier}").StreamUpdates());
        await call.Send(Hello(next, producer, courier));
        return call;
    }

    public static StreamUpdatesRequest Hello(long next, string producer = "depot", string courier = "swift") => new()
    {
        Hello = new() { Courier = $"couriers/{courier}", ProducerId = producer, NextSequence = next },
    };

    public static DeliveryEvent Event(
        string id,
        Proto.Types.State state,
        DateTimeOffset at,
        string order = "o1",
        int leg = 1,
        int attempt = 1) => new()
        {
            EventId = id,
            Delivery = $"orders/{order}/deliveries/d1",
            Leg = leg,
            Attempt = attempt,
            OccurTime = at.ToTimestamp(),
            StateReport = new()
            {
                State = state,
                Outcome = state == Proto.Types.State.Delivered ? Proto.Types.Outcome.HandedToRecipient : default,
                FailureReason = state == Proto.Types.State.AttemptFailed
                    ? Proto.Types.FailureReason.RecipientNotHome
                    : default,
            },
        };

    public Task Send(StreamUpdatesRequest message) => call.RequestStream.WriteAsync(message);

    public Task Send(long sequence, DeliveryEvent sent) =>
        Send(new StreamUpdatesRequest { Update = new() { Sequence = sequence, Event = sent } });

    public Task HalfClose() => call.RequestStream.CompleteAsync();

    /// <summary>The next message; null at a good end.</summary>
    public async Task<StreamUpdatesResponse?> Next()
    {
        using CancellationTokenSource patience = new(Patience);
        return await call.ResponseStream.MoveNext(patience.Token) ? call.ResponseStream.Current : null;
    }

    /// <summary>Results up to the Ack that commits a number.</summary>
    public async Task<List<UpdateResult>> Committed(long sequence)
    {
        List<UpdateResult> results = [];
        while (await Next() is { } message)
        {
            results.AddRange(message.Ack?.Results ?? []);
            if (message.Ack?.CommittedSequence >= sequence)
            {
                return results;
            }
        }

        throw new InvalidOperationException($"the stream ended before {sequence} was committed");
    }

    /// <summary>Reads to the end, which must be a bad one, and says why.</summary>
    public async Task<(StatusCode Code, string Reason)> Refusal() => Reason(await Assert.ThrowsAsync<RpcException>(
        async () =>
        {
            while (await Next() is not null)
            {
            }
        }));

    public static (StatusCode Code, string Reason) Reason(RpcException thrown)
    {
        byte[] bytes = thrown.Trailers.GetValueBytes(FaultStatus.DetailsTrailer) ?? throw thrown;
        ErrorInfo info = Google.Rpc.Status.Parser.ParseFrom(bytes).Details
            .First(detail => detail.Is(ErrorInfo.Descriptor)).Unpack<ErrorInfo>();
        return (thrown.StatusCode, info.Reason);
    }

    public void Dispose() => call.Dispose();
}
