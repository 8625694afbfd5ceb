using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Tests.Kernel;

public sealed class OutcomeTests
{
    [Fact]
    public void Success_and_refusal_survive_their_json()
    {
        Outcome<ImmutableArray<int>> made = ImmutableArray.Create(1, 2);
        Outcome<ImmutableArray<int>> refused = Fault.Invalid("a.b", "TOO_LONG", "is too long").With("max", "3");

        Outcome<ImmutableArray<int>> madeBack = FloristJson.Read<Outcome<ImmutableArray<int>>>(FloristJson.Write(made));
        Outcome<ImmutableArray<int>> refusedBack =
            FloristJson.Read<Outcome<ImmutableArray<int>>>(FloristJson.Write(refused));

        Assert.False(madeBack.Failed(out _, out ImmutableArray<int> value));
        Assert.Equal([1, 2], value);
        Assert.True(refusedBack.Failed(out Fault? fault, out _));
        Assert.Equal("TOO_LONG", fault.Reason);
        Assert.Equal("3", fault.Values["max"]);
        Assert.Equal("a.b", fault.Fields[0].Field);
    }

    [Fact]
    public void A_next_step_is_skipped_after_a_refusal()
    {
        Outcome<int> refused = Fault.Refused("NO", "no");
        bool ran = false;

        Outcome<string> next = refused.Then<string>(_ =>
        {
            ran = true;
            return "ran";
        });

        Assert.False(ran);
        Assert.Equal("NO", next.Fault?.Reason);
    }

    [Fact]
    public void Two_currencies_have_no_sum()
    {
        Money pounds = new(1050, "GBP");

        Assert.Equal(new Money(3150, "GBP"), pounds * 3);
        Assert.Equal(new Money(50, "GBP"), pounds - new Money(1000, "GBP"));
        Assert.Throws<InvalidOperationException>(() => pounds + new Money(1, "EUR"));
        Assert.Equal("10.50 GBP", pounds.ToString());
    }
}
