using System.Collections.Immutable;
using System.Globalization;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>What changes of rows have in common when they name the same columns of a table: their statement.</summary>
internal sealed class RowShape
{
    /// <summary>The column of a child row that says whose it is, which the grain does not give itself.</summary>
    public const string Owner = "owner";

    private readonly bool isChild;
    private readonly int keys;

    /// <summary>A shape whose columns are known to be those of the table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="isChild">True for child rows, whose first column is <see cref="Owner"/>.</param>
    /// <param name="isDelete">True for rows that go.</param>
    /// <param name="keys">How many of the columns, at their beginning, are the key.</param>
    /// <param name="columns">All columns that the change names.</param>
    public RowShape(string table, bool isChild, bool isDelete, int keys, ImmutableArray<SqlTableColumn> columns)
    {
        this.isChild = isChild;
        this.keys = keys;
        Table = table;
        IsDelete = isDelete;
        Columns = columns;
        string places = Each(0, columns.Length, ", ", (_, place) => place);
        One = isDelete
            ? $"DELETE FROM {table} WHERE {Each(0, keys, " AND ", (column, place) => $"{column} = {place}")}"
            : $"INSERT INTO {table} ({Names()}) VALUES ({places}) {Over()}";
        Many = isDelete
            ? $"""
                DELETE FROM {table} USING unnest({Arrays()}) AS changed ({Names()})
                WHERE {Each(0, keys, " AND ", (column, _) => $"{table}.{column} = changed.{column}")}
                """
            : $"INSERT INTO {table} ({Names()}) SELECT * FROM unnest({Arrays()}) {Over()}";
    }

    /// <summary>The table.</summary>
    public string Table { get; }

    /// <summary>True for rows that go.</summary>
    public bool IsDelete { get; }

    /// <summary>The columns whose values a statement takes, in order.</summary>
    public ImmutableArray<SqlTableColumn> Columns { get; }

    /// <summary>The statement for one row, with a value a column.</summary>
    public string One { get; }

    /// <summary>PostgreSQL's statement for many rows with different keys, with an array a column.</summary>
    public string Many { get; }

    /// <summary>Whether a change names exactly these columns in this order.</summary>
    public bool Fits(RowChange change)
    {
        int own = isChild ? 1 : 0;
        if (change.IsDelete != IsDelete
            || change.Key.Length + own != keys
            || (IsDelete ? 0 : change.Values.Length) != Columns.Length - keys)
        {
            return false;
        }

        for (int i = own; i < Columns.Length; i++)
        {
            if (Field(change, i).Column != Columns[i].Name)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A change's value in a column.</summary>
    /// <param name="owner">The grain that commits.</param>
    /// <param name="change">A change of this shape.</param>
    /// <param name="column">The index in <see cref="Columns"/>.</param>
    public RowValue Value(string owner, RowChange change, int column) =>
        isChild && column == 0 ? owner : Field(change, column).Value;

    /// <summary>The same number for changes of the same row; seldom for others.</summary>
    public int RowHash(string owner, RowChange change)
    {
        int hash = string.GetHashCode(Table, StringComparison.Ordinal);
        for (int i = 0; i < keys; i++)
        {
            // Added up, because another shape may name the same key in another order.
            hash += HashCode.Combine(Columns[i].Name, Value(owner, change, i));
        }

        return hash;
    }

    private RowField Field(RowChange change, int column)
    {
        int field = isChild ? column - 1 : column;
        return field < change.Key.Length ? change.Key[field] : change.Values[field - change.Key.Length];
    }

    private string Over()
    {
        string update = Columns.Length == keys
            ? "NOTHING"
            : $"UPDATE SET {Each(keys, Columns.Length, ", ", (column, _) => $"{column} = excluded.{column}")}";
        return $"ON CONFLICT ({Each(0, keys, ", ", (column, _) => column)}) DO {update}";
    }

    private string Names() => Each(0, Columns.Length, ", ", (column, _) => column);

    private string Arrays() => string.Join(", ", Columns.Select((column, i) =>
        string.Create(CultureInfo.InvariantCulture, $"${i + 1}::{(column.IsNumber ? "bigint" : "text")}[]")));

    private string Each(int first, int end, string separator, Func<string, string, string> part) =>
        string.Join(separator, Enumerable.Range(first, end - first).Select(i => part(
            Columns[i].Name, string.Create(CultureInfo.InvariantCulture, $"${i + 1}"))));
}
