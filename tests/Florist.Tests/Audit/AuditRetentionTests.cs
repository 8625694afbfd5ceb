using Florist.Adapters.Sql;
using Florist.Audit;
using Florist.Kernel;
using Florist.Tests.Adapters.Sql;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Florist.Tests.Audit;

public sealed class AuditRetentionTests
{
    [Fact]
    public async Task Entries_go_when_they_are_older_than_they_are_kept_however_many_they_are()
    {
        using OpenDatabase database = new(options => options.SyncEveryCommit = false);
        AuditSql trail = new(database.Sql, new SqlQueries(database.Sql));
        const int old = AuditRetention.BatchCount + 1;
        DateTimeOffset now = AuditSqlTests.Entry(0).MadeAt.AddDays(30);
        await Task.WhenAll(Enumerable.Range(0, old).Select(i => trail.Append(
            AuditSqlTests.Entry(i) with { MadeAt = now.AddDays(-30).AddMilliseconds(-1) })));
        await trail.Append(AuditSqlTests.Entry(old) with { MadeAt = now.AddDays(-30) });
        using AuditRetention retention = new(
            trail, Options.Create(new AuditOptions { RetentionDays = 30 }), NullLogger<AuditRetention>.Instance);

        Assert.Equal(old, await retention.RemoveOld(now, TestContext.Current.CancellationToken));
        Assert.Equal(0, await retention.RemoveOld(now, TestContext.Current.CancellationToken));

        Page<AuditEntry> left = await trail.List(
            new FilterExpression.Everything(), new PageRequest(10, null), TestContext.Current.CancellationToken);
        Assert.Equal(AuditSqlTests.Entry(old).Id, Assert.Single(left.Items).Id);
    }
}
