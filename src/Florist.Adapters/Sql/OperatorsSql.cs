using System.Collections.Frozen;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>Lists what operators did.</summary>
internal sealed class OperatorsSql(SqlQueries queries) : IOperatorActions
{
    private static readonly SqlListing<OperatorAction> Listing = new()
    {
        Select = "action_id AS id, at AS happened_at, actor, verb, subject, reason, done, item_count",
        From = "operator_action",
        Key = "action_id",
        DefaultOrder = [new OrderTerm("create_time", IsDescending: true)],
        Read = row => new OperatorAction
        {
            Id = row.GetString(0),
            At = SqlValue.Instant(row.GetInt64(1)),
            Actor = row.GetString(2),
            Verb = row.GetString(3),
            Subject = row.GetString(4),
            Reason = row.GetString(5),
            Completed = row.GetInt64(6) == 1,
            ItemCount = (int)row.GetInt64(7),
        },
        Columns = new Dictionary<string, SqlColumn>
        {
            ["actor"] = new("actor"),
            ["verb"] = new("verb"),
            ["subject"] = new("subject"),
            ["create_time"] = new("at"),
        }.ToFrozenDictionary(StringComparer.Ordinal),
    };

    public Task<Page<OperatorAction>> List(
        FilterExpression filter, PageRequest page, CancellationToken cancellationToken) =>
        queries.Page(Listing, filter, [], page, null, cancellationToken);
}
