using Florist.Delivery;
using Florist.Protos.Delivery.V1;
using Grpc.Core;

namespace Florist.Tests.Delivery.Streaming;

/// <summary>What a session does as time goes by.</summary>
public sealed partial class CourierSessionTests
{
    [Fact]
    public async Task A_stream_without_updates_hears_of_being_taken_over_at_the_next_heartbeat()
    {
        using OpenStream stream = await OpenStream.Open(Shop);
        await Shop.Grain<ICourierProducerGrain>("swift/depot").Open(new OpenSession("s2", 1));

        await Ends(stream, StatusCode.Aborted, "SESSION_FENCED");
        Assert.True(stream.Age >= TimeSpan.FromSeconds(15), $"{stream.Age}");
    }

    [Fact]
    public async Task The_server_gives_a_sign_of_life_every_interval()
    {
        using OpenStream stream = await OpenStream.Open(Shop);

        await stream.NextInTime(message => message.Heartbeat is not null);

        Assert.True(stream.Age >= TimeSpan.FromSeconds(15), $"{stream.Age}");
    }

    [Fact]
    public async Task Silence_of_two_and_a_half_intervals_ends_the_stream()
    {
        using OpenStream stream = await OpenStream.Open(Shop);

        await Ends(stream, StatusCode.DeadlineExceeded, "HEARTBEAT_MISSED");
        Assert.True(stream.Age >= TimeSpan.FromSeconds(37.5), $"{stream.Age}");
    }

    [Fact]
    public async Task Heartbeats_keep_a_silent_stream_alive()
    {
        using OpenStream stream = await OpenStream.Open(Shop);
        for (int i = 0; i < 4; i++)
        {
            await stream.NextInTime(message => message.Heartbeat is not null);
            stream.Send(new StreamUpdatesRequest { Heartbeat = new() });
            await stream.TakenUp();
        }

        Assert.False(stream.Ended.IsCompleted);
        stream.HalfClose();
        await stream.End();
    }

    [Fact]
    public async Task A_client_that_takes_nothing_off_the_wire_is_dropped()
    {
        using OpenStream stream = await OpenStream.Open(Shop);
        stream.IsStuck = true;
        stream.Send(1);

        await Ends(stream, StatusCode.DeadlineExceeded, "HEARTBEAT_MISSED");
        Assert.Equal(1, await Committed());
    }

    [Fact]
    public async Task An_old_stream_is_drained_and_ended_well_after_the_grace()
    {
        using OpenStream stream = await OpenStream.Open(
            Shop, options: new DeliveryOptions { StreamMinutesMax = 1, HeartbeatSeconds = 300 });

        StreamUpdatesResponse.Types.Drain drain =
            (await stream.NextInTime(message => message.Drain is not null)).Drain;
        TimeSpan drained = stream.Age;
        stream.Send(1);
        await stream.End();

        Assert.Equal(("MAX_STREAM_DURATION", 20L), (drain.Reason, drain.GracePeriod.Seconds));
        Assert.InRange(drained, TimeSpan.FromMinutes(1), TimeSpan.MaxValue);
        Assert.True(stream.Age >= drained + TimeSpan.FromSeconds(19), $"{drained} {stream.Age}");
        Assert.Equal(1, await Committed());
    }

    [Fact]
    public async Task A_stopping_server_drains_and_commits_what_still_comes()
    {
        using OpenStream stream = await OpenStream.Open(Shop);
        stream.StopServer();

        Assert.Equal("SERVER_STOPPING", (await stream.Next()).Drain.Reason);
        stream.Send(1);
        stream.HalfClose();
        await stream.End();

        Assert.Equal(1, LastAck(stream).CommittedSequence);
    }

    [Fact]
    public async Task Reading_slows_down_to_the_pace_after_a_burst()
    {
        using OpenStream stream = await OpenStream.Open(
            Shop, options: new DeliveryOptions { UpdatesPerSecondMax = 10 });
        for (int i = 1; i <= 40; i++)
        {
            stream.Send(i);
        }

        while ((await stream.NextAck()).CommittedSequence < 40)
        {
        }

        // Twenty at once, twenty more at ten a second.
        Assert.True(stream.Age >= TimeSpan.FromSeconds(1.9), $"{stream.Age}");
    }

    [Fact]
    public async Task A_single_update_is_acknowledged_after_a_quarter_of_a_second_and_not_before()
    {
        using OpenStream stream = await OpenStream.Open(Shop);
        stream.Send(1);

        Assert.Equal(1, (await stream.NextAck()).CommittedSequence);
        Assert.True(stream.Age >= TimeSpan.FromMilliseconds(250), $"{stream.Age}");
    }
}
