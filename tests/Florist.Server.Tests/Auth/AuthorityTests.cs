using System.Diagnostics;
using System.Text;
using Florist.Kernel;
using Florist.Server.Auth;
using Florist.Server.Tests.Testing;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Florist.Server.Tests.Auth;

/// <summary>Tokens of an OpenID Connect provider, from its metadata to the caller.</summary>
public sealed class AuthorityTests : IAsyncLifetime
{
    private static readonly string[] FromElsewhere = ["Shop floor", "offline"];

    private TestIssuer? started;
    private Tokens? read;

    private TestIssuer Issuer => started ?? throw new InvalidOperationException();

    private Tokens Tokens => read ??= Make();

    private static Dictionary<string, object> Sam => new() { ["sub"] = "sam", ["roles"] = new[] { "agent", "other" } };

    public async ValueTask InitializeAsync() => started = await TestIssuer.Start();

    public async ValueTask DisposeAsync()
    {
        read?.Dispose();
        await Issuer.DisposeAsync();
    }

    [Fact]
    public async Task A_token_of_the_authority_names_its_caller_and_is_known_from_then_on()
    {
        string token = Issuer.Token(Sam);

        Assert.Equal(new Caller(CallerKind.Staff, "sam", StaffRoles.Agent), Lasting(await Tokens.Read(token)));
        Assert.Equal(new Caller(CallerKind.Staff, "sam", StaffRoles.Agent), Lasting(Tokens.Known(token)));
        Assert.Equal(1, Issuer.KeysFetched);
    }

    [Theory]
    [InlineData("another issuer")]
    [InlineData("another audience")]
    [InlineData("no signature")]
    [InlineData("a key of nobody")]
    [InlineData("a key of nobody under a known name")]
    [InlineData("the public key as a shared one")]
    [InlineData("a shared key")]
    [InlineData("expired")]
    [InlineData("not yet valid")]
    [InlineData("no subject")]
    [InlineData("no kind and no role")]
    [InlineData("a subject that is no identifier")]
    [InlineData("changed")]
    [InlineData("nonsense")]
    public async Task Other_tokens_are_refused(string how)
    {
        string token = how switch
        {
            "another issuer" => Issuer.Token(Sam, issuer: "https://login.evil.example"),
            "another audience" => Issuer.Token(Sam, audience: "fishmonger"),
            "no signature" => WithoutSignature(Issuer.Token(Sam)),
            "a key of nobody" => Issuer.Token(Sam, SignedBy(TestIssuer.Stray("stray"))),
            "a key of nobody under a known name" => Issuer.Token(Sam, SignedBy(TestIssuer.Stray(Issuer.Key.KeyId))),
            "the public key as a shared one" => Issuer.Token(Sam, Shared(Issuer.Key.Rsa.ExportRSAPublicKey())),
            "a shared key" => Issuer.Token(Sam, Shared(Encoding.UTF8.GetBytes(AuthOptions.DevelopmentSigningKey))),
            "expired" => Issuer.Token(Sam, from: TimeSpan.FromHours(-2), until: TimeSpan.FromMinutes(-1)),
            "not yet valid" => Issuer.Token(Sam, from: TimeSpan.FromMinutes(1)),
            "no subject" => Issuer.Token(new() { ["roles"] = "agent" }),
            "no kind and no role" => Issuer.Token(new() { ["sub"] = "staff:sam" }),
            "a subject that is no identifier" => Issuer.Token(new() { ["sub"] = "auth0|sam", ["roles"] = "agent" }),
            "changed" => Changed(Issuer.Token(Sam)),
            _ => "a.b.c",
        };

        Assert.Null(await Tokens.Read(token));
        Assert.Null(Tokens.Known(token));
    }

    [Theory]
    [InlineData(-120, 300, true)]
    [InlineData(-120, 270, true)]
    [InlineData(-600, -120, true)]
    [InlineData(-600, -241, false)]
    [InlineData(239, 900, true)]
    [InlineData(600, 900, false)]
    public async Task Clocks_may_differ_by_the_skew_and_no_more(int fromSeconds, int untilSeconds, bool isValid)
    {
        string token = Issuer.Token(
            Sam, from: TimeSpan.FromSeconds(fromSeconds), until: TimeSpan.FromSeconds(untilSeconds));
        using Tokens tokens = Make(options => options.ClockSkewSeconds = 240);

        Assert.Equal(isValid, await tokens.Read(token) is not null);
    }

    [Theory]
    [InlineData("florist_kind", "customer", CallerKind.Customer)]
    [InlineData("florist_kind", "courier", CallerKind.Courier)]
    [InlineData("florist_kind", "service", CallerKind.Service)]
    [InlineData("florist_kind", "staff", CallerKind.Staff)]
    [InlineData("florist_kind", "anonymous", null)]
    [InlineData("florist_kind", "Staff", null)]
    [InlineData("other", "staff", null)]
    public async Task A_claim_says_what_sort_of_principal_calls(string claim, string value, CallerKind? kind) =>
        Assert.Equal(kind, (await Tokens.Read(Issuer.Token(new() { ["sub"] = "x", [claim] = value })))?.Kind);

    [Fact]
    public async Task Claims_go_by_the_names_that_the_settings_give_them()
    {
        using Tokens tokens = Make(options =>
        {
            options.Claims.Id = "preferred_username";
            options.Claims.Roles = "realm_access.roles";
            options.Claims.RoleNames["Shop floor"] = "florist";
            options.Claims.KindDefault = CallerKind.Customer;
        });
        string staff = Issuer.Token(new()
        {
            ["sub"] = "9c2f",
            ["preferred_username"] = "sam",
            ["florist_kind"] = "staff",
            ["realm_access"] = new Dictionary<string, object> { ["roles"] = FromElsewhere },
        });
        string customer = Issuer.Token(new() { ["preferred_username"] = "anna" });

        Assert.Equal(new Caller(CallerKind.Staff, "sam", StaffRoles.Florist), Lasting(await tokens.Read(staff)));
        Assert.Equal(new Caller(CallerKind.Customer, "anna"), Lasting(await tokens.Read(customer)));
    }

    [Fact]
    public async Task Roles_are_for_staff_alone()
    {
        Caller? caller = await Tokens.Read(Issuer.Token(
            new() { ["sub"] = "anna", ["florist_kind"] = "customer", ["roles"] = "manager" }));

        Assert.Equal(new Caller(CallerKind.Customer, "anna"), Lasting(caller));
    }

    [Fact]
    public async Task A_new_key_of_the_authority_is_believed_when_the_first_token_comes_with_it()
    {
        await Tokens.Read(Issuer.Token(Sam));
        string old = Issuer.Token(new() { ["sub"] = "old", ["roles"] = "agent" });
        Issuer.Rotate(keepsOld: false);
        string token = Issuer.Token(Sam);

        Caller? caller = await Tokens.Read(token);
        for (long begun = Stopwatch.GetTimestamp();
            caller is null && Stopwatch.GetElapsedTime(begun) < FloristTool.Patience;
            caller = await Tokens.Read(token))
        {
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }

        Assert.Equal("sam", caller?.Id);
        Assert.Null(await Tokens.Read(old));
    }

    [Fact]
    public async Task Tokens_with_unknown_keys_do_not_make_a_fetch_each()
    {
        using Tokens tokens = Make(options => options.KeyRefreshSeconds = 3600);
        await tokens.Read(Issuer.Token(Sam));
        for (int i = 0; i < 50; i++)
        {
            Assert.Null(await tokens.Read(Issuer.Token(Sam, SignedBy(TestIssuer.Stray("stray")))));
        }

        Assert.InRange(Issuer.KeysFetched, 1, 3);
    }

    [Fact]
    public async Task Keys_that_were_had_serve_while_the_authority_is_away_and_without_any_nobody_is_told_off()
    {
        using Tokens late = Make();
        Assert.NotNull(await Tokens.Read(Issuer.Token(Sam)));
        Issuer.IsBroken = true;

        Assert.NotNull(await Tokens.Read(Issuer.Token(Sam, until: TimeSpan.FromMinutes(7))));
        await Assert.ThrowsAsync<AuthorityUnreachableException>(() => late.Read(Issuer.Token(Sam)));
        Issuer.IsBroken = false;
        Assert.NotNull(await late.Read(Issuer.Token(Sam)));
    }

    [Fact]
    public async Task A_key_of_the_servers_own_is_believed_beside_the_authority_where_it_is_set()
    {
        using Tokens both = Make(options => options.SigningKey = AuthOptions.DevelopmentSigningKey);
        string own = both.Make(new Caller(CallerKind.Service, "web"), TimeSpan.FromHours(1));

        Assert.Equal(new Caller(CallerKind.Service, "web"), Lasting(await both.Read(own)));
        Assert.NotNull(await both.Read(Issuer.Token(Sam)));
        Assert.Null(await Tokens.Read(own));
    }

    [Fact]
    public async Task The_server_admits_who_comes_with_a_token_of_the_authority()
    {
        await using LocalServer server = await LocalServer.Start(
            $"--Auth:Authority={Issuer.Address}", "--Auth:RequireHttpsMetadata=false");
        string made = """{"givenName": "Anna"}""";

        (HttpResponseMessage agent, _) = await server.Send(
            HttpMethod.Post, "/v1/customers", made, Issuer.Token(Sam));
        (HttpResponseMessage florist, _) = await server.Send(
            HttpMethod.Post, "/v1/customers", made, Issuer.Token(new() { ["sub"] = "flo", ["roles"] = "florist" }));
        (HttpResponseMessage stray, _) = await server.Send(
            HttpMethod.Post, "/v1/customers", made, Issuer.Token(Sam, audience: "fishmonger"));

        Assert.Equal([200, 403, 401], new[] { agent, florist, stray }.Select(one => (int)one.StatusCode));
    }

    private Tokens Make(Action<AuthOptions>? set = null)
    {
        AuthOptions options = new()
        {
            Authority = new Uri(Issuer.Address),
            RequireHttpsMetadata = false,
            KeyRefreshSeconds = 1,
        };
        set?.Invoke(options);
        new AuthOptionsDefaults().PostConfigure(null, options);
        return new Tokens(Options.Create(options));
    }

    // Every token ends; when is not what these tests are about.
    private static Caller? Lasting(Caller? caller)
    {
        Assert.NotNull(caller?.ExpiresAt);
        return caller with { ExpiresAt = null };
    }

    private static SigningCredentials SignedBy(RsaSecurityKey key) => new(key, SecurityAlgorithms.RsaSha256);

    private static SigningCredentials Shared(byte[] key) =>
        new(new SymmetricSecurityKey(key), SecurityAlgorithms.HmacSha256);

    private static string WithoutSignature(string token)
    {
        string head = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""");
        return $"{head}.{token.Split('.')[1]}.";
    }

    private static string Changed(string token)
    {
        string[] parts = token.Split('.');
        string payload = Base64UrlEncoder.Decode(parts[1]).Replace("\"sam\"", "\"bob\"", StringComparison.Ordinal);
        return $"{parts[0]}.{Base64UrlEncoder.Encode(payload)}.{parts[2]}";
    }
}
