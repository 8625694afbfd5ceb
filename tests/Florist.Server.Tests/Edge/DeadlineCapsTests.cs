using Florist.Server.Edge;
using Florist.Server.Gateway;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Florist.Server.Tests.Edge;

public sealed class DeadlineCapsTests
{
    private readonly DeadlineCaps caps = new(new Contracts(), Options.Create(new EdgeOptions()));

    [Theory]
    [InlineData("/florist.orders.v1.OrderService/GetOrder", null, "10S")]
    [InlineData("/florist.orders.v1.OrderService/GetOrder", "9999m", "9999m")]
    [InlineData("/florist.orders.v1.OrderService/GetOrder", "10S", "10S")]
    [InlineData("/florist.orders.v1.OrderService/GetOrder", "10001m", "10S")]
    [InlineData("/florist.orders.v1.OrderService/GetOrder", "1H", "10S")]
    [InlineData("/florist.orders.v1.OrderService/GetOrder", "99999999H", "10S")]
    [InlineData("/florist.orders.v1.OrderService/GetOrder", "soon", "10S")]
    [InlineData("/florist.orders.v1.OrderService/QuoteOrder", null, "5S")]
    [InlineData("/florist.customers.v1.CustomerService/UpdateCustomer", null, "40S")]
    [InlineData("/florist.orders.v1.OrderService/WatchOrder", null, null)]
    [InlineData("/florist.delivery.v1.CourierService/StreamUpdates", "2H", "2H")]
    [InlineData("/grpc.health.v1.Health/Check", null, null)]
    public void A_call_with_one_answer_has_no_later_deadline_than_the_servers(
        string path, string? asked, string? given)
    {
        DefaultHttpContext http = new();
        http.Request.Path = path;
        if (asked is not null)
        {
            http.Request.Headers["grpc-timeout"] = asked;
        }

        caps.Apply(http.Request);

        Assert.Equal(given, (string?)http.Request.Headers["grpc-timeout"]);
    }

    [Theory]
    [InlineData("1n", 0L)]
    [InlineData("200n", 2L)]
    [InlineData("3u", 30L)]
    [InlineData("2m", 20_000L)]
    [InlineData("1S", 10_000_000L)]
    [InlineData("1M", 600_000_000L)]
    [InlineData("1H", 36_000_000_000L)]
    [InlineData("-1S", null)]
    [InlineData("1 S", null)]
    [InlineData("S", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_timeout_is_read_as_the_protocol_writes_it(string? text, long? ticks) =>
        Assert.Equal(ticks, DeadlineCaps.Read(text)?.Ticks);
}
