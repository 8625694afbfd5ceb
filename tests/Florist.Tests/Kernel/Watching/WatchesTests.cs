using Florist.Kernel;
using Microsoft.Extensions.Options;

namespace Florist.Tests.Kernel.Watching;

public sealed class WatchesTests
{
    private readonly Watches watches = new(Options.Create(new WatchOptions()), new WatchClock(TimeProvider.System));

    [Fact]
    public void A_principal_holds_five_watches_of_a_thing_and_a_sixth_when_one_has_ended()
    {
        List<WatchSeat> seats = [.. Enumerable.Range(0, 5).Select(_ => Enter("customer:anna", "orders/1"))];

        Fault refused = Refused("customer:anna", "orders/1");
        seats[0].Dispose();
        seats[0].Dispose();

        Assert.Equal((FaultKind.TooMany, "WATCHES_LIMIT", "5"), (refused.Kind, refused.Reason, refused.Values["watchesMax"]));
        Enter("customer:anna", "orders/1");
        Refused("customer:anna", "orders/1");
        Enter("customer:ben", "orders/1");
    }

    [Fact]
    public void A_principal_holds_twenty_watches_in_all()
    {
        List<WatchSeat> seats =
            [.. Enumerable.Range(0, 20).Select(number => Enter("customer:anna", $"orders/{number}"))];

        Assert.Equal("20", Refused("customer:anna", "orders/20").Values["watchesMax"]);
        seats[7].Dispose();
        Enter("customer:anna", "orders/20");
    }

    [Fact]
    public void One_of_the_shops_own_systems_stands_for_many_people()
    {
        for (int number = 0; number < 100; number++)
        {
            Assert.Null(watches.Enter("service:web", isService: true, "orders/1").Fault);
        }
    }

    private WatchSeat Enter(string principal, string thing) =>
        watches.Enter(principal, isService: false, thing).OrThrow();

    private Fault Refused(string principal, string thing) =>
        watches.Enter(principal, isService: false, thing).Fault
            ?? throw new InvalidOperationException("was let in");
}
