using System.Threading.Channels;
using Florist.Delivery;
using Florist.Delivery.Streaming;
using Florist.Protos.Delivery.V1;
using Florist.Tests.Testing;
using Microsoft.Extensions.Logging;

namespace Florist.Tests.Delivery.Streaming;

/// <summary>
/// A session over the two ends of a pipe, with a real producer behind it. The test decides the updates and moves the
/// clock.
/// </summary>
internal sealed class OpenStream : ICourierWire, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<StreamUpdatesRequest> requests = Channel.CreateUnbounded<StreamUpdatesRequest>();
    private readonly Channel<StreamUpdatesResponse> responses = Channel.CreateUnbounded<StreamUpdatesResponse>();
    private readonly CancellationTokenSource stopping = new();
    private readonly CourierSession session;
    private readonly TimeSpan openedAt;

    private OpenStream(
        StreamTerms terms,
        long committed,
        ICourierProducerGrain producer,
        ICourierGrain courier,
        Decision decide,
        ILogger log)
    {
        Clock = (HandClock)terms.Clock;
        openedAt = terms.Now;
        RejectionGauge gauge = new(terms.Options.QuarantineUpdatesMin);
        session = new CourierSession(
            terms, committed, gauge, this, producer, courier, (report, _) => decide(report.Report), log);
        Ended = Task.Run(() => session.Run(stopping.Token, CancellationToken.None));
    }

    public delegate Task<ReportAnswer> Decision(CourierReport report);

    public HandClock Clock { get; }

    /// <summary>Completes with the stream, as the stream does.</summary>
    public Task Ended { get; }

    /// <summary>Time on the test's clock since the stream was opened.</summary>
    public TimeSpan Age => TimeSpan.FromTicks(Clock.GetTimestamp()) - openedAt;

    /// <summary>True: what the server sends stays stuck.</summary>
    public bool IsStuck { get; set; }

    public static async Task<OpenStream> Open(
        TestShop shop,
        Decision? decide = null,
        DeliveryOptions? options = null,
        string sessionId = "s1",
        string? keyId = null,
        TimeSpan? expiresIn = null)
    {
        ProducerKey key = new(Deliveries.Swift, "depot");
        ICourierProducerGrain producer = shop.Grain<ICourierProducerGrain>(key.ToString());
        long committed = Deliveries.Value(await producer.Open(new OpenSession(sessionId, 1)));
        DeliveryOptions settings = options ?? new DeliveryOptions();
        StreamTerms terms = new(
            key, sessionId, settings.StreamWindow, TimeSpan.FromMinutes(settings.StreamMinutesMax), settings,
            new HandClock())
        {
            KeyId = keyId,
        };
        terms = terms with { ExpiresAt = terms.Now + expiresIn };
        ICourierGrain courier = shop.Grain<ICourierGrain>(key.Courier.Value);
        OpenStream stream = new(terms, committed, producer, courier, decide ?? Applied, shop.Log.CreateLogger("stream"));
        Assert.Equal(committed, (await stream.Next()).Welcome.CommittedSequence);
        return stream;
    }

    public static Task<ReportAnswer> Applied(CourierReport report) => Task.FromResult(new ReportAnswer
    {
        EventId = report.EventId,
        Disposition = Disposition.Applied,
    });

    public static DeliveryEvent Event(string id, string order = "o1") =>
        new() { EventId = id, Delivery = $"orders/{order}/deliveries/d1", Note = new() { Text = id } };

    public void Send(long sequence, DeliveryEvent? sent = null) => Send(new StreamUpdatesRequest
    {
        Update = new() { Sequence = sequence, Event = sent ?? Event($"e{sequence}") },
    });

    public void Send(StreamUpdatesRequest message) => Assert.True(requests.Writer.TryWrite(message));

    public void HalfClose() => requests.Writer.Complete();

    public void Break(Exception cause) => requests.Writer.Complete(cause);

    public void TakeOver() => session.TakeOver();

    public void StopServer() => stopping.Cancel();

    /// <summary>Waits until everything sent is taken up, without time going by.</summary>
    public async Task TakenUp()
    {
        using CancellationTokenSource patience = new(Patience);
        while (requests.Reader.Count > 0)
        {
            await Task.Delay(1, patience.Token);
        }
    }

    /// <summary>The next message, without time going by.</summary>
    public async Task<StreamUpdatesResponse> Next() => await responses.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>The next message, if it is there already.</summary>
    public StreamUpdatesResponse? TryNext() =>
        responses.Reader.TryRead(out StreamUpdatesResponse? message) ? message : null;

    /// <summary>The next Ack; time goes by until it comes.</summary>
    public async Task<StreamUpdatesResponse.Types.Ack> NextAck() =>
        (await NextInTime(message => message.Ack is not null)).Ack;

    /// <summary>The next message of a kind, heartbeats and others left out; time goes by until it comes.</summary>
    public async Task<StreamUpdatesResponse> NextInTime(Func<StreamUpdatesResponse, bool> isIt)
    {
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            if (responses.Reader.TryRead(out StreamUpdatesResponse? message))
            {
                if (isIt(message))
                {
                    return message;
                }

                continue;
            }

            if (Ended.IsCompleted)
            {
                await Ended;
                throw new InvalidOperationException("the stream ended well, and said nothing of the kind");
            }

            await PassTime(patience.Token);
        }
    }

    /// <summary>Waits for the end; time goes by until it comes.</summary>
    public async Task End()
    {
        using CancellationTokenSource patience = new(Patience);
        while (!Ended.IsCompleted)
        {
            await PassTime(patience.Token);
        }

        await Ended;
    }

    public async Task<StreamUpdatesRequest?> Receive(CancellationToken cancellationToken) =>
        await requests.Reader.WaitToReadAsync(cancellationToken)
        && requests.Reader.TryRead(out StreamUpdatesRequest? message)
            ? message
            : null;

    public Task Send(StreamUpdatesResponse message, CancellationToken cancellationToken)
    {
        if (IsStuck)
        {
            return Task.Delay(Timeout.Infinite, cancellationToken);
        }

        Assert.True(responses.Writer.TryWrite(message));
        return Task.CompletedTask;
    }

    public void Dispose() => stopping.Dispose();

    // A tenth of a second on the test's clock for a moment of real time, in which the loop comes to its turn.
    private async Task PassTime(CancellationToken patience)
    {
        Clock.Advance(TimeSpan.FromMilliseconds(100));
        await Task.Delay(1, patience);
    }
}
