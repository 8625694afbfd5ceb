using Florist.Adapters.Sql;

namespace Florist.Tests.Adapters.Sql;

public sealed class SqlSecretsTests
{
    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task A_secret_is_made_once_and_survives_a_restart(Engine engine)
    {
        using TestPlace place = await TestPlace.New(engine);
        byte[] first;
        byte[] ids;
        using (TestDatabase db = await TestDatabase.Open(engine, at: place.At))
        {
            SqlSecrets secrets = new(db.Sql);
            byte[][] all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => secrets.GetOrCreate("a", default)));
            first = all[0];
            ids = db.Sql.IdKey;
            Assert.All(all, secret => Assert.Equal(first, secret));
            Assert.NotEqual(first, await secrets.GetOrCreate("b", default));
            Assert.NotEqual(ids, db.Sql.SealKey);
        }

        using TestDatabase again = await TestDatabase.Open(engine, at: place.At);
        Assert.Equal(32, first.Length);
        Assert.Equal(first, await new SqlSecrets(again.Sql).GetOrCreate("a", default));
        Assert.Equal(ids, again.Sql.IdKey);
    }
}
