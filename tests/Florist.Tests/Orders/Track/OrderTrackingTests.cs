using Florist.Kernel;
using Florist.Orders;
using Florist.Tests.Delivery;
using Microsoft.Extensions.Options;

namespace Florist.Tests.Orders.Track;

public sealed class OrderTrackingTests
{
    private static readonly DateTimeOffset Now = OrderSamples.Morning;
    private static readonly OrderId Order = new("o1");

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    public void A_link_works_until_48_hours_after_the_order_has_ended(int ticks, bool works)
    {
        OrderTracking ended = Opened(1).As(hasEnded: true, Now);

        Assert.Equal(works, ended.Admits(1, Now + TimeSpan.FromHours(48) + TimeSpan.FromTicks(ticks)));
        Assert.Equal(Now + TimeSpan.FromHours(48), ended.As(hasEnded: true, Now + TimeSpan.FromHours(1)).Until);
        Assert.Null(ended.As(hasEnded: false, Now).Until);
    }

    [Fact]
    public void A_revoked_link_never_works_again_and_its_number_is_not_used_again()
    {
        OrderTracking revoked = Deliveries.Value(Opened(2).Revoke(Order, 2, Now));
        OrderTracking next = Deliveries.Value(revoked.Open(Now));

        Assert.False(next.Admits(2, Now));
        Assert.True(next.Admits(1, Now));
        Assert.True(next.Admits(3, Now));
        Assert.False(next.Admits(4, Now));
        Assert.Same(revoked, Deliveries.Value(revoked.Revoke(Order, 2, Now + TimeSpan.FromHours(1))));
        Assert.Equal(FaultKind.NotFound, Deliveries.Refusal(revoked.Revoke(Order, 9, Now)).Kind);
    }

    [Fact]
    public void Ten_links_work_at_once_and_the_memory_of_revoked_ones_is_bounded()
    {
        OrderTracking full = Opened(10);
        Assert.Equal("TRACKING_LINKS_LIMIT", Deliveries.Refusal(full.Open(Now)).Reason);

        for (int number = 10; number < 200; number++)
        {
            full = Deliveries.Value(Deliveries.Value(full.Revoke(Order, number, Now)).Open(Now));
        }

        Assert.Equal(200, full.LinkCount);
        Assert.InRange(full.Links.Length, 10, 30);
        Assert.True(full.Admits(1, Now));
        Assert.False(full.Admits(150, Now));
    }

    [Fact]
    public void Long_after_its_end_an_order_gets_no_new_link() => Assert.Equal(
        "TRACKING_OVER",
        Deliveries.Refusal(
            new OrderTracking().As(hasEnded: true, Now).Open(Now + TimeSpan.FromHours(48))).Reason);

    [Fact]
    public void A_token_has_two_hundred_secret_bits_and_only_the_very_token_is_read()
    {
        TrackingTokens tokens = new(new KeyedIds(new byte[32]), Options.Create(new OrdersOptions()));
        string token = tokens.Of(Order, 1);

        Assert.Equal(40, token.Split('.')[2].Length);
        Assert.Equal((Order, 1), tokens.Read(token));
        Assert.Equal(40, token.Split('.')[2].Zip(tokens.Of(Order, 2).Split('.')[2]).Count());
        Assert.NotEqual(token.Split('.')[2], tokens.Of(Order, 2).Split('.')[2]);
        Assert.All(
            (string[])["", "o1", "o1.1", "o1.1.", $"o1.2.{token.Split('.')[2]}", $"o2.1.{token.Split('.')[2]}",
                token[..^1], token + "x", token.ToUpperInvariant(), $"o1.01.{token.Split('.')[2]}", "../.1.x"],
            wrong => Assert.Null(tokens.Read(wrong)));
        Assert.Null(new TrackingTokens(new KeyedIds([.. new byte[31], 1]), Options.Create(new OrdersOptions())).Read(token));
    }

    private static OrderTracking Opened(int links)
    {
        OrderTracking tracking = new();
        for (int link = 0; link < links; link++)
        {
            tracking = Deliveries.Value(tracking.Open(Now));
        }

        return tracking;
    }
}
