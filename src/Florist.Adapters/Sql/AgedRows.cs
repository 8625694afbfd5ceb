using Florist.Kernel;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Sql;

/// <summary>Rows of a table that go when they are old enough, some at a time.</summary>
internal abstract class AgedRows(ISqlDatabase database, IOptions<RetentionOptions> options) : IRetentionSource
{
    public abstract string Name { get; }

    /// <summary>Deletes the rows that are older than <c>$1</c>, at most <c>$2</c> of them.</summary>
    protected abstract string Statement { get; }

    /// <summary>Days for which a row is kept.</summary>
    protected abstract int Days(RetentionOptions settings);

    public async Task<RetentionPage> Page(string? after, DateTimeOffset now, CancellationToken cancellationToken)
    {
        int max = options.Value.PageRows;
        int removed = await database.Change(Name, Statement, now.AddDays(-Days(options.Value)), max);
        return new RetentionPage(null, removed < max, removed);
    }
}

/// <summary>Rejected reports of couriers.</summary>
internal sealed class RejectedReportRetention(ISqlDatabase database, IOptions<RetentionOptions> options)
    : AgedRows(database, options)
{
    public override string Name => "rejected-reports";

    protected override string Statement => """
        DELETE FROM courier_rejected_update WHERE (courier_id, producer_id, number) IN (
            SELECT courier_id, producer_id, number FROM courier_rejected_update WHERE received_at < $1 LIMIT $2)
        """;

    protected override int Days(RetentionOptions settings) => settings.RejectedReportsDays;
}

/// <summary>What operators did.</summary>
internal sealed class OperatorActionRetention(ISqlDatabase database, IOptions<RetentionOptions> options)
    : AgedRows(database, options)
{
    public override string Name => "operator-actions";

    protected override string Statement => """
        DELETE FROM operator_action WHERE action_id IN (
            SELECT action_id FROM operator_action WHERE at < $1 ORDER BY at LIMIT $2)
        """;

    protected override int Days(RetentionOptions settings) => settings.OperatorActionsDays;
}
