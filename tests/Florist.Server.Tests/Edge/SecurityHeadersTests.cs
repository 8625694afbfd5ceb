using Florist.Kernel;
using Florist.Server.Tests.Testing;

namespace Florist.Server.Tests.Edge;

public sealed class SecurityHeadersTests(LocalServer server) : IClassFixture<LocalServer>
{
    [Theory]
    [InlineData("/docs", false)]
    [InlineData("/openapi.json", false)]
    [InlineData("/v1/bouquets", true)]
    [InlineData("/v1/customers", true)]
    [InlineData("/v1/nowhere", true)]
    [InlineData("/healthz", true)]
    [InlineData("/nowhere", true)]
    public async Task Browsers_are_told_what_they_may_do_with_every_answer(string path, bool isNotKept)
    {
        (HttpResponseMessage answer, _) = await server.Send(
            HttpMethod.Get, path, token: server.Token(CallerKind.Staff, "sam"));

        Assert.Equal("nosniff", Single(answer, "X-Content-Type-Options"));
        Assert.Equal("DENY", Single(answer, "X-Frame-Options"));
        Assert.Equal("no-referrer", Single(answer, "Referrer-Policy"));
        string policy = Single(answer, "Content-Security-Policy") ?? "";
        Assert.StartsWith("default-src 'none'; frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.Equal(isNotKept, answer.Headers.CacheControl?.NoStore == true);
        Assert.Null(Single(answer, "Strict-Transport-Security"));
        Assert.Null(Single(answer, "Server"));
    }

    private static string? Single(HttpResponseMessage answer, string header) =>
        answer.Headers.TryGetValues(header, out IEnumerable<string>? values) ? values.Single() : null;
}
