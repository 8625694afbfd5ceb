using Florist.Adapters.Sql;
using Florist.Tests.Testing;

namespace Florist.Tests.Adapters.Sql;

public sealed class SqlSecretsTests
{
    [Fact]
    public async Task A_secret_is_made_once_and_survives_a_restart()
    {
        using TempFolder folder = new();
        byte[] first;
        byte[] ids;
        using (OpenDatabase db = new(folder: folder.Path))
        {
            SqlSecrets secrets = new(db.Database);
            byte[][] all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => secrets.GetOrCreate("a", default)));
            first = all[0];
            ids = db.Database.IdKey;
            Assert.All(all, secret => Assert.Equal(first, secret));
            Assert.NotEqual(first, await secrets.GetOrCreate("b", default));
            Assert.NotEqual(ids, db.Database.SealKey);
        }

        using OpenDatabase again = new(folder: folder.Path);
        Assert.Equal(32, first.Length);
        Assert.Equal(first, await new SqlSecrets(again.Database).GetOrCreate("a", default));
        Assert.Equal(ids, again.Database.IdKey);
    }
}
