using Florist.Protos.Delivery.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using State = Florist.Protos.Delivery.V1.Delivery.Types.State;

namespace Florist.Server.Tour;

/// <summary>A courier's end of a stream: numbers its updates and waits until they are committed.</summary>
internal sealed class CourierLine : IDisposable
{
    private readonly AsyncDuplexStreamingCall<StreamUpdatesRequest, StreamUpdatesResponse> call;
    private readonly CancellationToken cancellationToken;
    private long sequence;

    private CourierLine(
        AsyncDuplexStreamingCall<StreamUpdatesRequest, StreamUpdatesResponse> call,
        CancellationToken cancellationToken)
    {
        this.call = call;
        this.cancellationToken = cancellationToken;
    }

    /// <summary>The last number that the server has committed.</summary>
    public long Committed { get; private set; }

    /// <summary>Says Hello and hears Welcome.</summary>
    public static async Task<CourierLine> Open(
        TourClients clients, string courier, string producer, CancellationToken cancellationToken)
    {
        CourierLine line = new(
            clients.Couriers.StreamUpdates(TourClients.As($"courier:{courier}"), cancellationToken: cancellationToken),
            cancellationToken);
        await line.Send(new()
        {
            Hello = new() { Courier = $"couriers/{courier}", ProducerId = producer, NextSequence = 1 },
        });
        line.Committed = (await line.Receive()).Welcome?.CommittedSequence
            ?? throw new TourException("the stream did not begin with Welcome");
        line.sequence = line.Committed;
        return line;
    }

    /// <summary>Reports a state; returns when the report is durable.</summary>
    /// <returns>What the server says of it; null when it was plainly applied.</returns>
    public async Task<UpdateResult?> Report(
        string eventId, string delivery, State state, DateTimeOffset occurredAt)
    {
        DeliveryEvent.Types.StateReport report = new() { State = state };
        if (state == State.Delivered)
        {
            report.Outcome = Protos.Delivery.V1.Delivery.Types.Outcome.HandedToRecipient;
        }

        return await Report(new DeliveryEvent
        {
            EventId = eventId,
            Delivery = delivery,
            Leg = 1,
            Attempt = 1,
            OccurTime = occurredAt.ToTimestamp(),
            StateReport = report,
        });
    }

    /// <summary>Reports when the courier expects to be there.</summary>
    public async Task<UpdateResult?> ReportEta(
        string eventId, string delivery, DateTimeOffset occurredAt, TimeSpan earliest, TimeSpan latest) =>
        await Report(new DeliveryEvent
        {
            EventId = eventId,
            Delivery = delivery,
            Leg = 1,
            Attempt = 1,
            OccurTime = occurredAt.ToTimestamp(),
            EtaReport = new()
            {
                EarliestTime = (occurredAt + earliest).ToTimestamp(),
                LatestTime = (occurredAt + latest).ToTimestamp(),
            },
        });

    /// <summary>Ends the stream well.</summary>
    public async Task Close()
    {
        await call.RequestStream.CompleteAsync();
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
            // Last acks and heartbeats.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => call.Dispose();

    private async Task<UpdateResult?> Report(DeliveryEvent sent)
    {
        sequence++;
        await Send(new() { Update = new() { Sequence = sequence, Event = sent } });
        while (true)
        {
            StreamUpdatesResponse response = await Receive();
            if (response.Ack is { } ack)
            {
                Committed = ack.CommittedSequence;
                UpdateResult? result = ack.Results.FirstOrDefault(one => one.Sequence == sequence);
                if (Committed >= sequence)
                {
                    return result;
                }
            }
        }
    }

    private Task Send(StreamUpdatesRequest message) => call.RequestStream.WriteAsync(message, cancellationToken);

    private async Task<StreamUpdatesResponse> Receive() =>
        await call.ResponseStream.MoveNext(cancellationToken)
            ? call.ResponseStream.Current
            : throw new TourException("the courier's stream ended early");
}
