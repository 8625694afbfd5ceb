using Florist.Faults.Checks;
using Florist.Faults.Processes;
using Florist.Kernel;
using Florist.Messaging;

namespace Florist.Faults;

/// <summary>
/// The two ways in which a send and its record can part: the intent is stored and nothing has left, or it has left and
/// that is not stored. What can be asked about is sent exactly once; what cannot follows its kind, and is marked.
/// </summary>
public sealed class SendTests
{
    private const int ByEmail = 0;
    private const int ByText = 1;

    [Theory]
    [InlineData(CrashPoint.SendIntent, 2)]
    [InlineData(CrashPoint.SendAnswered, 1)]
    public async Task A_text_is_looked_up_and_arrives_exactly_once(string point, int attempts)
    {
        using FaultShop shop = await FaultShop.Open();

        Letter letter = await DieOver(shop, ByText, point);

        Assert.Equal([], shop.Wrong());
        Assert.Equal((MessageState.Sent, attempts, false), Outcome(letter));
        Assert.Single(shop.Sent, sent => sent.Key == letter.Key);
    }

    [Theory]
    [InlineData(CrashPoint.SendIntent, 1)]
    [InlineData(CrashPoint.SendAnswered, 2)]
    public async Task An_email_that_is_worse_missed_than_read_twice_is_sent_again_and_marked(string point, int arrived)
    {
        using FaultShop shop = await FaultShop.Open();

        Letter letter = await DieOver(shop, ByEmail, point);

        Assert.Equal([], shop.Wrong());
        Assert.True(KindPolicy.Of(letter.Message.Kind).ResendUnknown);
        Assert.Equal((MessageState.Sent, 2, true), Outcome(letter));
        Assert.Equal(arrived, shop.Sent.Count(sent => sent.Key == letter.Key));
    }

    private static (MessageState State, int Attempts, bool Resent) Outcome(Letter letter) =>
        (letter.Message.State, letter.Message.Attempts, letter.Message.Resent);

    // The confirmation is the first message of a customer, and the one over which the server dies.
    private static async Task<Letter> DieOver(FaultShop shop, int life, string point)
    {
        Task lived;
        await using (ServerProcess server = await shop.Start($"{point}#1"))
        {
            lived = shop.Shoppers.Live(life, "w0");
            await server.Ended();
            Assert.Equal(137, server.ExitCode);
        }

        await using ServerProcess last = await shop.Start();
        await lived;
        await shop.Quiet(last);
        await last.Stop();
        return Assert.Single(shop.Evidence().Letters, letter => letter.Message.Kind == MessageKind.OrderConfirmed);
    }
}
