using System.Collections.Concurrent;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Florist.Tests.Testing;
using Google.Protobuf.Collections;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Florist.Tests.Delivery.Streaming;

public sealed partial class CourierSessionTests : IAsyncLifetime
{
    private TestShop? shop;

    private TestShop Shop => shop ?? throw new InvalidOperationException("the shop is not open");

    public async ValueTask InitializeAsync() => shop = await TestShop.Start(services => services.AddDelivery());

    public ValueTask DisposeAsync() => Shop.DisposeAsync();

    [Fact]
    public async Task An_ack_comes_for_all_that_was_decided_and_says_nothing_of_what_was_plainly_applied()
    {
        using OpenStream stream = await OpenStream.Open(Shop);
        stream.Send(1);
        stream.Send(2);
        stream.Send(3);
        stream.HalfClose();
        await stream.End();

        StreamUpdatesResponse.Types.Ack ack = LastAck(stream);
        Assert.Equal(3, ack.CommittedSequence);
        Assert.Empty(ack.Results);
        Assert.Equal(3, await Committed());
    }

    [Fact]
    public async Task Sixty_four_updates_are_acknowledged_without_time_going_by()
    {
        using OpenStream stream = await OpenStream.Open(Shop);
        for (int i = 1; i <= 64; i++)
        {
            stream.Send(i);
        }

        Assert.Equal(64, (await stream.Next()).Ack.CommittedSequence);
        Assert.Equal(TimeSpan.Zero, stream.Age);
    }

    [Fact]
    public async Task The_ack_waits_for_the_unbroken_run_while_other_orders_go_on()
    {
        TaskCompletionSource slow = new();
        ConcurrentQueue<string> begun = [];
        using OpenStream stream = await OpenStream.Open(Shop, async report =>
        {
            begun.Enqueue(report.EventId);
            await (report.EventId == "e1" ? slow.Task : Task.CompletedTask);
            return await OpenStream.Applied(report);
        });
        stream.Send(1, OpenStream.Event("e1", "slow"));
        stream.Send(2, OpenStream.Event("e2", "slow"));
        stream.Send(3, OpenStream.Event("e3", "fast"));
        stream.HalfClose();
        await Until(() => begun.Count == 2);

        Assert.Equal(["e1", "e3"], begun.Order());
        stream.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(stream.TryNext());

        slow.SetResult();
        await stream.End();
        Assert.Equal(["e1", "e2", "e3"], begun.Order());
        Assert.Equal(3, await Committed());
    }

    [Fact]
    public async Task A_rejected_update_is_told_kept_and_committed()
    {
        using OpenStream stream = await OpenStream.Open(
            Shop, _ => Answer("e1", Fault.Invalid("event.leg", "REQUIRED", "no")));
        stream.Send(1);

        StreamUpdatesResponse.Types.Ack ack = await stream.NextAck();

        UpdateResult result = Assert.Single(ack.Results);
        Assert.Equal((1L, "e1"), (ack.CommittedSequence, result.EventId));
        Assert.Equal(UpdateResult.Types.Disposition.Rejected, result.Disposition);
        Assert.Equal((int)Code.InvalidArgument, result.Status.Code);
        RejectedReport letter = Assert.Single(await Letters());
        Assert.Equal((1L, "depot", "REQUIRED"), (letter.Sequence, letter.ProducerId, letter.Fault.Reason));
        Assert.Equal(
            "e1", DeliveryEvent.Parser.ParseFrom(Convert.FromBase64String(letter.EventBase64 ?? "")).EventId);
    }

    [Fact]
    public async Task Meddling_with_a_foreign_leg_is_refused_and_not_kept()
    {
        using OpenStream stream = await OpenStream.Open(Shop, _ => Answer("e1", Fault.Denied("the leg is not yours")));
        stream.Send(1);

        UpdateResult result = Assert.Single((await stream.NextAck()).Results);

        Assert.Equal((int)Code.PermissionDenied, result.Status.Code);
        Assert.Empty(await Letters());
    }

    [Fact]
    public async Task An_update_that_is_empty_or_too_large_is_rejected_without_being_decided()
    {
        using OpenStream stream = await OpenStream.Open(
            Shop, report => throw new InvalidOperationException(report.EventId));
        DeliveryEvent large = OpenStream.Event("large");
        large.Note.Text = new string('n', 65 * 1024);
        stream.Send(1, large);
        stream.Send(new StreamUpdatesRequest { Update = new() { Sequence = 2 } });

        Assert.Equal(
            ["UPDATE_TOO_LARGE", "REQUIRED"], (await stream.NextAck()).Results.Select(result => result.Reason));
        Assert.All(await Letters(), letter => Assert.Null(letter.EventBase64));
    }

    [Fact]
    public async Task A_number_that_comes_again_is_a_duplicate_and_no_error()
    {
        using OpenStream stream = await OpenStream.Open(Shop);
        stream.Send(1);
        await stream.NextAck();
        stream.Send(1);

        StreamUpdatesResponse.Types.Ack ack = await stream.NextAck();

        Assert.Equal(1, ack.CommittedSequence);
        Assert.Equal(
            (1L, UpdateResult.Types.Disposition.Duplicate), (ack.Results[0].Sequence, ack.Results[0].Disposition));
    }

    [Theory]
    [InlineData(3, StatusCode.FailedPrecondition, "SEQUENCE_GAP")]
    [InlineData(0, StatusCode.InvalidArgument, "OUT_OF_RANGE")]
    public async Task A_wrong_number_ends_the_stream_after_what_came_before_is_committed(
        long sequence, StatusCode code, string reason)
    {
        using OpenStream stream = await OpenStream.Open(Shop);
        stream.Send(1);
        stream.Send(sequence);

        await Ends(stream, code, reason);
        Assert.Equal(1, LastAck(stream).CommittedSequence);
        Assert.Equal(1, await Committed());
    }

    [Fact]
    public async Task A_second_hello_ends_the_stream()
    {
        using OpenStream stream = await OpenStream.Open(Shop);
        stream.Send(new StreamUpdatesRequest { Hello = new() { Courier = "couriers/swift" } });

        await Ends(stream, StatusCode.InvalidArgument, "UPDATE_EXPECTED");
    }

    [Fact]
    public async Task More_than_two_windows_outstanding_end_the_stream_and_positions_are_shed_before()
    {
        TaskCompletionSource never = new();
        ConcurrentQueue<string> begun = [];
        using OpenStream stream = await OpenStream.Open(
            Shop,
            async report =>
            {
                begun.Enqueue(report.EventId);
                await never.Task;
                return await OpenStream.Applied(report);
            },
            new DeliveryOptions { StreamWindow = 16 });
        for (int i = 1; i <= 16; i++)
        {
            stream.Send(i, OpenStream.Event($"e{i}", $"o{i}"));
        }

        DeliveryEvent here = OpenStream.Event("here");
        here.LocationReport = new() { Position = new() { Latitude = 51 } };
        stream.Send(17, here);
        for (int i = 18; i <= 33; i++)
        {
            stream.Send(i, OpenStream.Event($"e{i}", $"o{i}"));
        }

        RpcException end = await Ends(stream, StatusCode.ResourceExhausted, "WINDOW_EXCEEDED");
        Assert.Contains(Details(end), detail => detail.Is(RetryInfo.Descriptor));
        Assert.Equal(31, begun.Count);
        Assert.DoesNotContain("here", begun);
        Assert.Equal(0, await Committed());
    }

    [Fact]
    public async Task Trouble_with_one_update_ends_the_stream_to_be_resumed_from_before_it()
    {
        using OpenStream stream = await OpenStream.Open(Shop, report => report.EventId == "e2"
            ? throw new StorageOverloadedException("full")
            : OpenStream.Applied(report));
        stream.Send(1);
        stream.Send(2);
        stream.Send(3);

        RpcException end = await Ends(stream, StatusCode.Unavailable, "TRY_AGAIN");
        Assert.Contains(Details(end), detail => detail.Is(RetryInfo.Descriptor));
        Assert.Equal(1, await Committed());
        Assert.Contains(
            Shop.Log.Entries,
            entry => entry.Text.Contains("update 2 could not be stored", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stream_that_was_taken_over_cannot_move_the_cursor()
    {
        using OpenStream stream = await OpenStream.Open(Shop);
        await Shop.Grain<ICourierProducerGrain>("swift/depot").Open(new OpenSession("s2", 1));
        stream.Send(1);

        await Ends(stream, StatusCode.Aborted, "SESSION_FENCED");
        Assert.Equal(0, await Committed());
    }

    [Fact]
    public async Task A_producer_whose_updates_are_mostly_rejected_is_shut_out()
    {
        using OpenStream stream = await OpenStream.Open(
            Shop,
            report => Answer(report.EventId, Fault.Invalid("event.leg", "REQUIRED", "no")),
            new DeliveryOptions { QuarantineUpdatesMin = 10 });
        for (int i = 1; i <= 10; i++)
        {
            stream.Send(i);
        }

        await Ends(stream, StatusCode.FailedPrecondition, "COURIER_QUARANTINED");
        Assert.Equal(10, await Committed());
        Assert.Equal(10, (await Letters()).Length);
        Assert.Single(Shop.Log.Entries, entry => entry.Text.Contains("is quarantined", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_broken_connection_ends_the_stream_with_what_broke_it()
    {
        using OpenStream stream = await OpenStream.Open(Shop);
        stream.Break(new IOException("reset by peer"));

        await Assert.ThrowsAsync<IOException>(() => stream.End());
    }

    private static Task<ReportAnswer> Answer(string eventId, Fault fault) => Task.FromResult(new ReportAnswer
    {
        EventId = eventId,
        Disposition = Disposition.Rejected,
        Reason = fault.Reason,
        Fault = fault,
    });

    private static async Task<RpcException> Ends(OpenStream stream, StatusCode code, string reason)
    {
        RpcException end = await Assert.ThrowsAsync<RpcException>(() => stream.End());
        Assert.Equal(code, end.StatusCode);
        Assert.Contains(Details(end), detail => detail.TryUnpack(out ErrorInfo info) && info.Reason == reason);
        return end;
    }

    private static RepeatedField<Google.Protobuf.WellKnownTypes.Any> Details(RpcException end) =>
        Google.Rpc.Status.Parser.ParseFrom(end.Trailers.GetValueBytes(FaultStatus.DetailsTrailer)).Details;

    private static StreamUpdatesResponse.Types.Ack LastAck(OpenStream stream)
    {
        StreamUpdatesResponse.Types.Ack? last = null;
        while (stream.TryNext() is { } message)
        {
            last = message.Ack ?? last;
        }

        return last ?? throw new InvalidOperationException("no Ack came");
    }

    private static async Task Until(Func<bool> holds)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        while (!holds())
        {
            await Task.Delay(1, patience.Token);
        }
    }

    private async Task<long> Committed() =>
        Deliveries.Value(await Shop.Grain<ICourierProducerGrain>("swift/depot").Open(new OpenSession("check", 1)));

    private async Task<RejectedReport[]> Letters() =>
        [.. (await Shop.Get<ICourierQueries>().Rejected(Deliveries.Swift, new PageRequest(100, null), default)).Items];
}
