namespace Florist.Adapters.Sql;

/// <summary>The column of an index table that holds a field of a listing. It is never null.</summary>
/// <param name="Name">The column.</param>
/// <param name="Present">
/// SQL that holds when the row has a value of the field; null when every row has one. Where it does not hold, the
/// column has a value that only the order of rows looks at.
/// </param>
/// <param name="IsFolded">Holds texts in lower case, so that comparisons disregard case.</param>
internal sealed record SqlColumn(string Name, string? Present = null, bool IsFolded = false)
{
    /// <summary>A text that is empty when absent.</summary>
    public static SqlColumn Text(string name, bool isFolded = false) => new(name, $"{name} <> ''", isFolded);
}

/// <summary>The values of a statement in the making.</summary>
internal sealed class SqlValues(SqlDialect dialect)
{
    private readonly List<object> values = [];

    /// <summary>Whose SQL the statement is.</summary>
    public SqlDialect Dialect => dialect;

    /// <summary>All values in the order of their places.</summary>
    public object[] All() => [.. values];

    /// <summary>Takes a value and gives its place, as <c>$3</c>.</summary>
    public string Place(object value)
    {
        values.Add(value);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"${values.Count}");
    }
}
