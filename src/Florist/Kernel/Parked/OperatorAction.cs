namespace Florist.Kernel;

/// <summary>What an operator did: written in the commit of the grain that did it, or before it is begun.</summary>
public sealed record OperatorAction
{
    private const string Table = "operator_action";

    /// <summary>Unique.</summary>
    public string Id { get; init; } = "";

    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Who, as <c>staff:kim</c>.</summary>
    public string Actor { get; init; } = "";

    /// <summary>What, as <c>PAUSE_SENDS</c>.</summary>
    public string Verb { get; init; } = "";

    /// <summary>Of what: names, a filter or a pause.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Why.</summary>
    public string Reason { get; init; } = "";

    /// <summary>True once it is done; false for one that has only begun.</summary>
    public bool Completed { get; init; }

    /// <summary>How many items it concerned.</summary>
    public int ItemCount { get; init; }

    /// <summary>The row that keeps it; a later one of the same id replaces it.</summary>
    public RowChange ToRow() => new()
    {
        Table = Table,
        Key = [new("action_id", Id)],
        Values =
        [
            new("at", (DateTimeOffset?)At),
            new("actor", Actor),
            new("verb", Verb),
            new("subject", Subject),
            new("reason", Reason),
            new("done", Completed),
            new("item_count", ItemCount),
        ],
    };
}

/// <summary>Who asks an operator's command, and why.</summary>
/// <param name="RequestId">Makes a repeat safe; null for none.</param>
/// <param name="Actor">Who, as <c>staff:kim</c>.</param>
/// <param name="Reason">Why, 1 to 200 characters.</param>
public sealed record OperatorOrder(string? RequestId, string Actor, string Reason);

/// <summary>Finds operators' actions.</summary>
public interface IOperatorActions
{
    /// <summary>What a listing can be filtered by.</summary>
    static FilterSchema Filters { get; } = new(
        FilterField.Text("actor"),
        FilterField.Text("verb"),
        FilterField.Text("subject"),
        FilterField.Timestamp("create_time"));

    /// <summary>A page of actions, the latest first.</summary>
    Task<Page<OperatorAction>> List(FilterExpression filter, PageRequest page, CancellationToken cancellationToken);
}
