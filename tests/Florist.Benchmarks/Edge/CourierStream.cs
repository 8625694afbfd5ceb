using System.Globalization;
using Florist.Delivery;
using Florist.Orders;
using Florist.Protos.Delivery.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Proto = Florist.Protos.Delivery.V1.Delivery;

namespace Florist.Benchmarks.Edge;

/// <summary>A courier's end of a stream: keeps as many updates under way as the server lets it.</summary>
internal sealed class CourierStream : IAsyncDisposable
{
    private readonly AsyncDuplexStreamingCall<StreamUpdatesRequest, StreamUpdatesResponse> call;
    private readonly Task acknowledgements;
    private readonly SemaphoreSlim window;
    private long sent;
    private Goal? goal;

    private CourierStream(
        AsyncDuplexStreamingCall<StreamUpdatesRequest, StreamUpdatesResponse> call, int window)
    {
        this.call = call;
        this.window = new SemaphoreSlim(window);
        acknowledgements = Listen();
    }

    public static async Task<CourierStream> Open(
        CourierService.CourierServiceClient client, Metadata credentials, CourierId courier, string producer)
    {
        AsyncDuplexStreamingCall<StreamUpdatesRequest, StreamUpdatesResponse> call =
            client.StreamUpdates(credentials);
        await call.RequestStream.WriteAsync(new StreamUpdatesRequest
        {
            Hello = new() { Courier = $"couriers/{courier}", ProducerId = producer, NextSequence = 1 },
        });
        return await call.ResponseStream.MoveNext(CancellationToken.None)
            ? new CourierStream(call, call.ResponseStream.Current.Welcome.Window)
            : throw new InvalidOperationException("the stream ended before its welcome");
    }

    /// <summary>What is reported of a delivery.</summary>
    public static DeliveryEvent Event(string order, Proto.Types.State state, Timestamp now) => new()
    {
        EventId = string.Create(CultureInfo.InvariantCulture, $"{order}-{(int)state}"),
        Delivery = $"orders/{order}/deliveries/{OrderHistory.FirstDelivery}",
        Leg = 1,
        Attempt = 1,
        OccurTime = now,
        StateReport = new()
        {
            State = state,
            Outcome = state == Proto.Types.State.Delivered ? Proto.Types.Outcome.HandedToRecipient : default,
        },
    };

    /// <summary>Reports the same of many deliveries; completes when the server has acknowledged all of it.</summary>
    public async Task Report(IReadOnlyCollection<string> orders, Proto.Types.State state)
    {
        Timestamp now = TimeProvider.System.GetUtcNow().ToTimestamp();
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref goal, new Goal(sent + orders.Count, all));
        foreach (string order in orders)
        {
            await window.WaitAsync();
            if (all.Task.IsFaulted)
            {
                // The stream has ended, and this says why.
                break;
            }

            await call.RequestStream.WriteAsync(new StreamUpdatesRequest
            {
                Update = new() { Sequence = ++sent, Event = Event(order, state, now) },
            });
        }

        await all.Task;
    }

    /// <summary>Ends the stream, which must end well.</summary>
    public async Task Close()
    {
        await call.RequestStream.CompleteAsync();
        await acknowledgements;
        await DisposeAsync();
    }

    public ValueTask DisposeAsync()
    {
        call.Dispose();
        window.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task Listen()
    {
        try
        {
            await Acknowledged();
        }
        catch (Exception failure) when (Volatile.Read(ref goal) is { } waiting)
        {
            // Whoever waits for room or for the end of a report hears of it, and does not wait for ever.
            waiting.Reached.TrySetException(failure);
            window.Release(int.MaxValue / 2);
            throw;
        }
    }

    private async Task Acknowledged()
    {
        long acknowledged = 0;
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            if (call.ResponseStream.Current.Ack is not { } ack)
            {
                continue;
            }

            if (ack.Results.Count > 0)
            {
                throw new InvalidOperationException($"an update was not plainly applied: {ack.Results[0]}");
            }

            if (ack.CommittedSequence > acknowledged)
            {
                window.Release((int)(ack.CommittedSequence - acknowledged));
                acknowledged = ack.CommittedSequence;
            }

            if (Volatile.Read(ref goal) is { } reached && acknowledged >= reached.Sequence)
            {
                reached.Reached.TrySetResult();
            }
        }
    }

    private sealed record Goal(long Sequence, TaskCompletionSource Reached);
}
