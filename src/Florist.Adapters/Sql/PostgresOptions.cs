using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Sql;

/// <summary>Settings of the storage on PostgreSQL, section <c>Storage</c>.</summary>
public sealed class PostgresOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Storage";

    /// <summary>The setting that chooses PostgreSQL when it is there.</summary>
    public const string ConnectionStringKey = Section + ":" + nameof(ConnectionString);

    /// <summary>
    /// Where the database is, as <c>Host=db;Database=florist;Username=florist;Password=…</c>. One process owns it, or
    /// rather the schema that the search path begins with.
    /// </summary>
    [Required]
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// True where several processes write the database, as silos of a cluster do: nobody owns it then, and what guards
    /// a grain's state against a second activation is its version.
    /// </summary>
    public bool Shared { get; set; }

    /// <summary>Connections that write, each the writes of its share of the grains.</summary>
    [Range(1, 4)]
    public int Writers { get; set; } = 2;

    /// <summary>Connections for reading.</summary>
    [Range(1, 64)]
    public int ReadersMax { get; set; } = 8;

    /// <summary>Writes waiting at once, all connections together; one more is refused.</summary>
    [Range(1, 1_000_000)]
    public int QueueMax { get; set; } = 4096;

    /// <summary>Writes in one commit.</summary>
    [Range(1, 10_000)]
    public int BatchWritesMax { get; set; } = 256;

    /// <summary>Bytes of bodies in one commit; a single larger write is a batch of its own.</summary>
    [Range(1024, 1 << 30)]
    public int BatchBytesMax { get; set; } = 1 << 20;

    /// <summary>How long one statement may take before the server ends it, in milliseconds.</summary>
    [Range(100, 3_600_000)]
    public int StatementMsMax { get; set; } = 30_000;

    /// <summary>How often the owner makes sure that the database is still its own, in milliseconds.</summary>
    [Range(10, 60_000)]
    public int OwnerCheckMs { get; set; } = 1000;

    /// <summary>
    /// How old a transaction of anybody in this database may grow before a warning, in milliseconds: as long as it
    /// lasts nothing that is deleted can be cleaned away.
    /// </summary>
    [Range(100, 86_400_000)]
    public int TransactionMsUsual { get; set; } = 60_000;

    /// <summary>How often that is looked at, in milliseconds.</summary>
    [Range(10, 3_600_000)]
    public int HealthCheckMs { get; set; } = 15_000;
}

/// <summary>Checks <see cref="PostgresOptions"/> at the start.</summary>
[OptionsValidator]
internal sealed partial class PostgresOptionsValidator : IValidateOptions<PostgresOptions>;
