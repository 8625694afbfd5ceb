using Florist.Kernel;

namespace Florist.Operations;

/// <summary>What may be done with parked items.</summary>
internal static class ParkedRules
{
    private const int SubjectLengthMax = 2000;

    /// <summary>Whether the items of a source can be handled so.</summary>
    public static bool Fits(IParkedSource source, ParkedVerb verb) =>
        verb == ParkedVerb.Retry ? source.CanRetry : source.CanDrop;

    /// <summary>Why a named item may not be handled so; null when it may.</summary>
    /// <param name="named">What was named.</param>
    /// <param name="item">The item as it is; null when it is not parked.</param>
    /// <param name="source">Who acts on it.</param>
    /// <param name="command">The order.</param>
    public static Fault? Refusal(ParkedId named, ParkedItem? item, IParkedSource source, HandleParked command)
    {
        string name = ParkedNames.Name(named);
        if (item is null)
        {
            return Fault.NotFound(name);
        }

        if (!Fits(source, command.Verb))
        {
            Fault fault = command.Verb == ParkedVerb.Retry
                ? Fault.Refused("NOT_RETRIABLE", "this item cannot be tried again, only dropped")
                : Fault.Refused("NOT_DROPPABLE", "a wake-up cannot be dropped; put right what fails, and retry");
            return fault.With("name", name);
        }

        return command.Etag is { } etag && etag != item.Etag ? Fault.Stale(name) : null;
    }

    /// <summary>What the record of an order says that it was about.</summary>
    public static string SubjectOf(HandleParked command)
    {
        string subject = command.Filter ?? string.Join(' ', command.Items.Select(item => $"{item.Source}/{item.Key}"));
        return subject.Length <= SubjectLengthMax ? subject : subject[..SubjectLengthMax] + "…";
    }

    /// <summary>The verb's word in the record.</summary>
    public static string WordOf(ParkedVerb verb) => verb == ParkedVerb.Retry ? "RETRY_PARKED" : "DROP_PARKED";

    /// <summary>An operator's filter, and of its items only those that can be handled so.</summary>
    public static Outcome<FilterExpression> Fitting(string filter, ParkedVerb verb, IEnumerable<IParkedSource> sources)
    {
        if (IParkedItems.Filters.Parse(filter).Failed(out Fault? fault, out _))
        {
            return fault;
        }

        string fitting = string.Join(" OR ", sources
            .Where(source => Fits(source, verb))
            .Select(source => $"source = {source.Source.ToString().ToUpperInvariant()}"));
        return IParkedItems.Filters.Parse(filter.Trim().Length == 0 ? fitting : $"({filter}) AND ({fitting})");
    }
}
