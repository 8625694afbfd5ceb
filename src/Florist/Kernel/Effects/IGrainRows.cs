using System.Collections.Immutable;
using Orleans.Runtime;

namespace Florist.Kernel;

/// <summary>Reads the child rows that grains commit beside their state.</summary>
public interface IGrainRows
{
    /// <summary>Reads rows of one kind in ordinal order of their ids.</summary>
    /// <param name="owner">The grain that committed them.</param>
    /// <param name="kind">The kind of row.</param>
    /// <param name="max">At most so many rows (1 to 10,000).</param>
    /// <param name="after">Begin behind this id; null begins at the start (or at the end, backwards).</param>
    /// <param name="backwards">Read from the last id to the first.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ImmutableArray<GrainRow>> Read(
        GrainId owner,
        string kind,
        int max,
        string? after = null,
        bool backwards = false,
        CancellationToken cancellationToken = default);
}

/// <summary>A child row of a grain.</summary>
/// <param name="Id">Unique within owner and kind.</param>
/// <param name="Body">JSON.</param>
public sealed record GrainRow(string Id, string Body);
