using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>By what promises are added up.</summary>
public enum PromiseGrouping
{
    /// <summary>All in one row a currency.</summary>
    Total,

    /// <summary>By the day on which they were due.</summary>
    Day,

    /// <summary>By courier.</summary>
    Courier,

    /// <summary>By region of delivery.</summary>
    Region,
}

/// <summary>Adds up promised windows without opening orders.</summary>
public interface IPromiseQueries
{
    /// <summary>One query, however many promises there are.</summary>
    /// <param name="asked">Which promises, and how.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>At most 1,000 rows, in ordinal order of groups.</returns>
    Task<ImmutableArray<PromiseSummary>> Summarize(PromiseReport asked, CancellationToken cancellationToken);
}

/// <summary>Which promises, and how they are added up.</summary>
/// <param name="From">Due on this day or later.</param>
/// <param name="Until">Due before this day.</param>
/// <param name="Grouping">By what.</param>
/// <param name="Courier">Only this courier's; null for all.</param>
/// <param name="RegionCode">Only of this region; null for all.</param>
public sealed record PromiseReport(
    DateOnly From, DateOnly Until, PromiseGrouping Grouping, string? Courier, string? RegionCode);

/// <summary>How promises of a group were kept.</summary>
/// <param name="Group">The day, courier or region; empty for all.</param>
/// <param name="Given">How many were given and not withdrawn.</param>
/// <param name="Kept">Of these, kept.</param>
/// <param name="Breached">Of these, broken.</param>
/// <param name="ApologisedFirst">Of the broken ones, apologised for before they were.</param>
/// <param name="Apologised">Of the broken ones, apologised for at all.</param>
/// <param name="MadeGood">Of the broken ones, made good.</param>
/// <param name="Granted">What that cost, in one currency.</param>
public sealed record PromiseSummary(
    string Group,
    long Given,
    long Kept,
    long Breached,
    long ApologisedFirst,
    long Apologised,
    long MadeGood,
    Money Granted);
