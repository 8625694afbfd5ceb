using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Florist.Kernel;
using Florist.Server.Auth;
using Florist.Server.Tests.Testing;
using Microsoft.Extensions.Options;

namespace Florist.Server.Tests.Auth;

public sealed class RateLimitsTests
{
    private static readonly Caller Anna = new(CallerKind.Customer, "anna");
    private static readonly IPAddress Here = IPAddress.Parse("203.0.113.7");

    [Fact]
    public void A_bucket_gives_its_burst_and_then_says_how_long_to_wait()
    {
        RateLimits limits = Slow(burst: 3);

        Assert.Equal([null, null, null], Enumerable.Range(0, 3).Select(_ => limits.Take(Anna, Here, Pace.Read)));
        Assert.InRange(limits.Take(Anna, Here, Pace.Read) ?? default, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
    }

    [Fact]
    public void Each_principal_and_each_sort_of_call_has_a_bucket_of_its_own()
    {
        RateLimits limits = Slow(burst: 1);
        Assert.Null(limits.Take(Anna, Here, Pace.Read));
        Assert.NotNull(limits.Take(Anna, Here, Pace.Read));

        Assert.Null(limits.Take(Anna, Here, Pace.List));
        Assert.Null(limits.Take(Anna, Here, Pace.Write));
        Assert.Null(limits.Take(Anna, Here, Pace.Stream));
        Assert.Null(limits.Take(new(CallerKind.Customer, "ben"), Here, Pace.Read));
        Assert.Null(limits.Take(new(CallerKind.Courier, "anna"), Here, Pace.Read));
        Assert.Null(limits.Take(Caller.Anonymous, Here, Pace.Read));
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void Without_a_token_the_address_calls_and_of_version_6_its_network(
        string one, string other, bool isSame)
    {
        RateLimits limits = Slow(burst: 1);
        Assert.Null(limits.Take(Caller.Anonymous, IPAddress.Parse(one), Pace.Read));

        Assert.Equal(isSame, limits.Take(Caller.Anonymous, IPAddress.Parse(other), Pace.Read) is not null);
    }

    [Fact]
    public void Whether_a_server_lives_may_be_asked_at_any_time()
    {
        RateLimits limits = Slow(burst: 1);

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Null(limits.Take(Caller.Anonymous, Here, Pace.Free)));
        Assert.Equal(0, limits.Count);
    }

    [Fact]
    public void No_more_buckets_are_held_than_the_limit_and_who_still_calls_keeps_theirs()
    {
        RateLimits limits = Slow(burst: 1, principalsMax: 100);
        Assert.Null(limits.Take(Anna, Here, Pace.Read));
        for (int i = 0; i < 1_000; i++)
        {
            limits.Take(new(CallerKind.Customer, i.ToString(CultureInfo.InvariantCulture)), Here, Pace.Read);
            Assert.NotNull(limits.Take(Anna, Here, Pace.Read));
            Assert.InRange(limits.Count, 1, 100);
        }
    }

    [Fact]
    public void Switched_off_they_let_everybody_call()
    {
        RateLimits limits = new(Options.Create(new RateLimitsOptions { Enabled = false }));

        Assert.All(Enumerable.Range(0, 10_000), _ => Assert.Null(limits.Take(Anna, Here, Pace.Write)));
    }

    [Fact]
    public async Task Over_http_the_answer_is_429_with_the_time_to_wait_and_what_is_used_up()
    {
        await using LocalServer server = await LocalServer.Start(
            "--RateLimits:Anonymous:Lists=0.01", "--RateLimits:Anonymous:BurstSeconds=100");

        (HttpResponseMessage first, _) = await server.Send(HttpMethod.Get, "/v1/bouquets");
        (HttpResponseMessage second, JsonNode? body) = await server.Send(HttpMethod.Get, "/v1/bouquets");
        (HttpResponseMessage other, _) = await server.Send(
            HttpMethod.Get, "/v1/bouquets", token: server.Token(CallerKind.Customer, "anna"));

        Assert.Equal((200, 429, 200), ((int)first.StatusCode, (int)second.StatusCode, (int)other.StatusCode));
        Assert.InRange(second.Headers.RetryAfter?.Delta ?? default, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(101));
        JsonNode? error = body?["error"];
        Assert.Equal("RESOURCE_EXHAUSTED", (string?)error?["status"]);
        string[] kinds = [.. error?["details"]?.AsArray().Select(detail => (string?)detail?["@type"] ?? "") ?? []];
        Assert.Equal(
            ["ErrorInfo", "QuotaFailure", "RetryInfo"],
            kinds.Select(kind => kind.Split('.')[^1]).Order(StringComparer.Ordinal));
        Assert.Equal("RATE_LIMITED", (string?)error?["details"]?[0]?["reason"]);
    }

    [Fact]
    public async Task Guessing_tokens_uses_up_what_an_address_may_do_without_one()
    {
        await using LocalServer server = await LocalServer.Start(
            "--RateLimits:Anonymous:Writes=0.01", "--RateLimits:Anonymous:BurstSeconds=300");

        List<int> answers = [];
        for (int i = 0; i < 4; i++)
        {
            (HttpResponseMessage answer, _) = await server.Send(HttpMethod.Get, "/v1/orders", token: $"guess{i}");
            answers.Add((int)answer.StatusCode);
        }

        Assert.Equal([401, 401, 401, 429], answers);
    }

    // Buckets that do not fill up while a test runs.
    private static RateLimits Slow(int burst, int principalsMax = 1_000)
    {
        CallRatesOptions rates = new() { Reads = 0.001, Lists = 0.001, Writes = 0.001, Streams = 0.001 };
        rates.BurstSeconds = burst * 1_000;
        return new RateLimits(Options.Create(new RateLimitsOptions
        {
            PrincipalsMax = principalsMax,
            Anonymous = rates,
            Customer = rates,
            Courier = rates,
        }));
    }
}
