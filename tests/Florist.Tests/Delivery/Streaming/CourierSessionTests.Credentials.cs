using Florist.Delivery;
using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Grpc.Core;

namespace Florist.Tests.Delivery.Streaming;

/// <summary>What becomes of a session whose credentials end before it does.</summary>
public sealed partial class CourierSessionTests
{
    [Fact]
    public async Task A_client_is_warned_a_minute_before_its_token_expires_and_ended_when_it_does()
    {
        using OpenStream stream = await OpenStream.Open(Shop, expiresIn: TimeSpan.FromSeconds(90));

        StreamUpdatesResponse drain = await stream.NextInTime(message => message.Drain is not null);
        TimeSpan warnedAt = stream.Age;
        stream.Send(1);
        await stream.TakenUp();
        stream.Send(new StreamUpdatesRequest { Heartbeat = new() });
        await stream.NextAck();
        for (int i = 0; i < 3; i++)
        {
            await stream.NextInTime(message => message.Heartbeat is not null);
            stream.Send(new StreamUpdatesRequest { Heartbeat = new() });
            await stream.TakenUp();
        }

        await Ends(stream, StatusCode.Unauthenticated, "TOKEN_EXPIRED");

        Assert.Equal("TOKEN_EXPIRING", drain.Drain.Reason);
        Assert.InRange(warnedAt, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(31));
        Assert.InRange(drain.Drain.GracePeriod.ToTimeSpan(), TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(60));
        Assert.True(stream.Age >= TimeSpan.FromSeconds(90), $"{stream.Age}");
        Assert.Equal(1, await Committed());
    }

    [Fact]
    public async Task A_revoked_key_ends_its_stream_within_five_seconds()
    {
        ICourierGrain courier = Shop.Grain<ICourierGrain>(Deliveries.Swift.Value);
        await courier.Create(new(null, new CourierProfile { DisplayName = "Swift" }));
        await courier.IssueKey(new(null, "k1", new string('a', 64), null, null, TimeSpan.Zero));
        using OpenStream stream = await OpenStream.Open(Shop, keyId: "k1");
        TimeSpan before = stream.Age;
        (await courier.RevokeKey(new(null, "k1"))).OrThrow();

        await Ends(stream, StatusCode.PermissionDenied, "KEY_REVOKED");

        Assert.InRange(stream.Age - before, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Disabling_a_courier_ends_its_streams_within_five_seconds_whatever_they_were_opened_with()
    {
        ICourierGrain courier = Shop.Grain<ICourierGrain>(Deliveries.Swift.Value);
        await courier.Create(new(null, new CourierProfile { DisplayName = "Swift" }));
        using OpenStream stream = await OpenStream.Open(Shop);
        TimeSpan before = stream.Age;
        (await courier.Enable(new(null, IsEnabled: false, null))).OrThrow();

        await Ends(stream, StatusCode.PermissionDenied, "COURIER_DISABLED");

        Assert.InRange(stream.Age - before, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }
}
