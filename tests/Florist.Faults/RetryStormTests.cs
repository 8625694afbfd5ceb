using Florist.Faults.Checks;
using Florist.Faults.Load;
using Florist.Faults.Processes;
using Florist.Kernel;
using Grpc.Core;

namespace Florist.Faults;

public sealed class RetryStormTests
{
    private const int Storm = 32;

    [Theory]
    [InlineData(CrashPoint.StorageCommit)]
    [InlineData(CrashPoint.StorageCommitted)]
    public async Task One_request_id_sent_by_many_at_once_before_and_after_a_crash_has_one_effect_and_one_answer(
        string point)
    {
        using FaultShop shop = await FaultShop.Open();
        Operation customer = shop.Shoppers.Begin(Asked.Customer, "");
        Operation order = shop.Shoppers.Begin(Asked.Order, customer.Tag);
        await using (ServerProcess first = await shop.Start())
        {
            Assert.True(await shop.Shoppers.CreateCustomer(customer, 0));
            await shop.Quiet(first);
            await first.Stop();
        }

        List<string> answers = [];
        await using (ServerProcess second = await shop.Start($"{point}#1"))
        {
            answers.AddRange((await Ask(shop, order, customer.Name)).OfType<string>());
            await second.Ended();
            Assert.Equal(137, second.ExitCode);
        }

        await using (ServerProcess third = await shop.Start())
        {
            string?[] all = await Ask(shop, order, customer.Name);
            Assert.All(all, Assert.NotNull);
            answers.AddRange(all.OfType<string>());
            order.Name = answers[^1];
            shop.Ledger.End(order, Known.Done, "");
            await shop.Quiet(third);
            await third.Stop();
        }

        Assert.Equal(order.Name, Assert.Single(answers.Distinct()));
        Assert.Equal([], shop.Wrong());
        Assert.Single(shop.Evidence().Orders);
    }

    private static Task<string?[]> Ask(FaultShop shop, Operation order, string customer) => Task.WhenAll(
        Enumerable.Range(0, Storm).Select(async _ =>
        {
            try
            {
                return await shop.Shoppers.CreateOrder(order, customer);
            }
            catch (RpcException dead) when (dead.StatusCode == StatusCode.Unavailable)
            {
                return null;
            }
        }));
}
