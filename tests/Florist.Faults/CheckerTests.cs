using Florist.Faults.Checks;
using Florist.Faults.Processes;
using Microsoft.Data.Sqlite;

namespace Florist.Faults;

/// <summary>The checks find what they are there to find: each of these wounds is done to a shop that was well.</summary>
public sealed class CheckerTests(CheckerTests.WellShop well) : IClassFixture<CheckerTests.WellShop>
{
    [Fact]
    public void A_shop_that_nobody_hurt_is_well()
    {
        Assert.Equal([], well.Shop.Wrong());
        Assert.Equal(10, well.Shop.Evidence().Orders.Count);
        Assert.NotEmpty(well.Shop.Sent);
    }

    [Theory]
    [InlineData("I1 Order", "DELETE FROM grain_state WHERE rowid = (SELECT MIN(rowid) FROM grain_state WHERE state_name = 'order')")]
    [InlineData("I1 Occasion", "DELETE FROM grain_row WHERE kind = 'occasion'")]
    [InlineData("I1 Report", "DELETE FROM grain_row WHERE kind = 'delivery-event' AND body LIKE '%\"eventId\"%'")]
    [InlineData("I2 there is a Order", "UPDATE grain_state SET body = CAST(replace(CAST(body AS TEXT), '\"text\":\"or', '\"text\":\"xx') AS BLOB)")]
    [InlineData("I4 ", "DELETE FROM grain_row WHERE kind = 'message'")]
    [InlineData("I5 occasions/", "DELETE FROM wake")]
    [InlineData("I5 occasions/", "UPDATE wake SET due_at = due_at + 60000")]
    [InlineData("I5 order/x would be woken", "INSERT INTO wake (grain_key, shard, class, due_at, not_before) VALUES ('order/x', 0, 0, 0, 0)")]
    [InlineData("I6 ", "UPDATE grain_state SET body = CAST(replace(CAST(body AS TEXT), '\"state\":\"Completed\"', '\"state\":\"Confirmed\"') AS BLOB)")]
    [InlineData("I7 left in the outbox", "INSERT INTO outbox (key, topic, body, class, not_before, created_at) VALUES ('k', 't', '{}', 0, 0, 0)")]
    [InlineData("I7 order ", "DELETE FROM grain_row WHERE kind = 'purchase'")]
    [InlineData("I9 the orders' index", "DELETE FROM order_index")]
    [InlineData("I9 the index says otherwise about customer", "UPDATE customer_index SET body = '{}'")]
    public void What_is_missing_in_the_database_is_found(string found, string wound)
    {
        Snapshot wounded = Snapshot.OfFile(well.Shop.DataFolder, connection =>
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = wound;
            Assert.NotEqual(0, command.ExecuteNonQuery());
        });

        Assert.Contains(well.Shop.Wrong(wounded), violation => violation.StartsWith(found, StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_sent_twice_is_found()
    {
        Evidence twice = well.Shop.Evidence();
        Evidence doubled = new(twice.Database, well.Shop.Ledger.All, [.. well.Shop.Sent, well.Shop.Sent[0]], twice.Payments);

        Assert.Contains(new SafetyChecks(doubled).Run(), one => one.StartsWith("I3 ", StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_never_sent_or_paid_is_found()
    {
        Evidence whole = well.Shop.Evidence();
        Evidence nothing = new(whole.Database, well.Shop.Ledger.All, [], []);

        Assert.Contains(new LivenessChecks(nothing).Run(), one => one.Contains("was sent 0 times", StringComparison.Ordinal));
        Assert.Contains(new LivenessChecks(nothing).Run(), one => one.EndsWith("was paid 0 times", StringComparison.Ordinal));
    }

    /// <summary>Ten lives, and nothing went wrong.</summary>
    public sealed class WellShop : IAsyncLifetime
    {
        private FaultShop? shop;

        internal FaultShop Shop => shop ?? throw new InvalidOperationException("not initialised yet");

        public async ValueTask InitializeAsync()
        {
            shop = await FaultShop.Open();
            await using ServerProcess server = await shop.Start();
            await shop.Shoppers.PlayOnce(10);
            await shop.Quiet(server);
            await server.Stop();
            Assert.Equal(0, server.ExitCode);
        }

        public ValueTask DisposeAsync()
        {
            shop?.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
