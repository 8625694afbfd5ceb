using Florist.Kernel;
using Florist.Server.Auth;

namespace Florist.Server.Tests.Edge;

public class KnownTokensTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly Caller Anna = new(CallerKind.Customer, "anna");

    [Fact]
    public void A_token_is_known_until_it_expires()
    {
        KnownTokens known = new(10);
        known.Add("token", Anna, Now.AddMinutes(1));

        Assert.Same(Anna, known.Find("token", Now.AddMinutes(1).AddTicks(-1)));
        Assert.Null(known.Find("token", Now.AddMinutes(1)));
        Assert.Null(known.Find("Token", Now));
    }

    [Fact]
    public void No_more_than_the_limit_is_kept_and_the_youngest_stay()
    {
        KnownTokens known = new(10);
        for (int i = 0; i < 100; i++)
        {
            known.Add($"token {i}", Anna, Now.AddMinutes(1));
        }

        int[] kept = [.. Enumerable.Range(0, 100).Where(i => known.Find($"token {i}", Now) is not null)];
        Assert.InRange(kept.Length, 5, 10);
        Assert.Equal(Enumerable.Range(100 - kept.Length, kept.Length), kept);
    }
}
