using System.Collections.Frozen;
using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>The tables that grains may put rows into: those of the migrations, without the engine's own.</summary>
internal sealed class SqlSchema
{
    private static readonly FrozenSet<string> EngineTables =
        FrozenSet.Create(
            StringComparer.Ordinal, "grain_state", "wake", "outbox", "secret", "owner", "migration", "audit_entry");

    private readonly FrozenDictionary<string, SqlTable> tables;

    /// <summary>What the migrations declared.</summary>
    /// <param name="columns">Every column of every table.</param>
    public SqlSchema(IEnumerable<SqlTableColumn> columns)
    {
        tables = columns
            .Where(column => !EngineTables.Contains(column.Table))
            .GroupBy(column => column.Table, StringComparer.Ordinal)
            .ToFrozenDictionary(
                table => table.Key, table => new SqlTable(table.Key, [.. table]), StringComparer.Ordinal);
    }

    /// <summary>The shape of a row change, checked against the declared table.</summary>
    /// <exception cref="ArgumentException">The table is not declared, or the columns are not its columns.</exception>
    public RowShape Shape(RowChange change) => tables.TryGetValue(change.Table, out SqlTable? table)
        ? table.Shape(change)
        : throw new ArgumentException($"no migration declares a table '{change.Table}' for rows", nameof(change));
}

/// <summary>A column of a table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Name">The column.</param>
/// <param name="IsKey">Belongs to the primary key.</param>
/// <param name="IsNumber">Holds whole numbers; if not, texts.</param>
internal sealed record SqlTableColumn(string Table, string Name, bool IsKey, bool IsNumber);

/// <summary>A statement with its values.</summary>
/// <param name="Sql">Its text, with <c>$1</c> and so on.</param>
/// <param name="Values">Its values, in order.</param>
internal sealed record SqlStatement(string Sql, object[] Values);

/// <summary>A table that grains put rows into, and the shapes of changes that were seen so far.</summary>
internal sealed class SqlTable(string name, ImmutableArray<SqlTableColumn> columns)
{
    private readonly FrozenDictionary<string, SqlTableColumn> columns =
        columns.ToFrozenDictionary(column => column.Name, StringComparer.Ordinal);

    private readonly ImmutableArray<string> key =
        [.. columns.Where(column => column.IsKey).Select(column => column.Name).Order(StringComparer.Ordinal)];

    // A feature puts rows of one or two shapes into a table, so that looking through them beats hashing the columns.
    private ImmutableArray<RowShape> shapes = [];

    /// <summary>The shape of a change, the same object for every change with the same columns.</summary>
    /// <exception cref="ArgumentException">The columns are not those of the table.</exception>
    public RowShape Shape(RowChange change)
    {
        foreach (RowShape shape in shapes)
        {
            if (shape.Fits(change))
            {
                return shape;
            }
        }

        RowShape made = Check(change);
        ImmutableInterlocked.Update(ref shapes, known => known.Add(made));
        return made;
    }

    private RowShape Check(RowChange change)
    {
        bool isChild = name == RowChange.ChildTable;
        ImmutableArray<string> given = [.. change.Key.Select(field => field.Column)];
        ImmutableArray<string> whole = isChild ? given.Insert(0, RowShape.Owner) : given;
        if (!whole.Order(StringComparer.Ordinal).SequenceEqual(key, StringComparer.Ordinal))
        {
            throw new ArgumentException($"the key of '{name}' is ({string.Join(", ", key)})", nameof(change));
        }

        ImmutableArray<string> values = change.IsDelete ? [] : [.. change.Values.Select(field => field.Column)];
        if (values.FirstOrDefault(column => !columns.TryGetValue(column, out var found) || found.IsKey) is { } wrong)
        {
            throw new ArgumentException($"'{name}' has no value column '{wrong}'", nameof(change));
        }

        return new RowShape(
            name, isChild, change.IsDelete, whole.Length, [.. whole.Concat(values).Select(column => columns[column])]);
    }
}
