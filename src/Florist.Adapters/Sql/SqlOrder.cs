using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>
/// The order of a listing and the continuation of its pages by key: behind the last row's values, however many rows
/// came before, so that the thousandth page costs what the first one did.
/// </summary>
internal sealed class SqlOrder
{
    private readonly ImmutableArray<(string Column, bool IsDescending)> terms;

    /// <summary>An order by terms and at last by a unique column.</summary>
    /// <param name="order">The terms asked for.</param>
    /// <param name="columns">Every field to order by, by path.</param>
    /// <param name="unique">
    /// A column that differs in all rows; descending when all terms are, for the indexes' sake.
    /// </param>
    public SqlOrder(ImmutableArray<OrderTerm> order, FrozenDictionary<string, SqlColumn> columns, string unique)
    {
        bool allDescending = !order.IsEmpty && order.All(term => term.IsDescending);
        terms =
        [
            .. order.Select(term => (columns[term.Field].Name, term.IsDescending)),
            (unique, allDescending),
        ];
    }

    /// <summary>The columns whose values make a position, to be selected.</summary>
    public string Columns => string.Join(", ", terms.Select(term => term.Column));

    /// <summary>How many they are.</summary>
    public int Count => terms.Length;

    /// <summary>The ORDER BY clause without the words.</summary>
    public string Clause =>
        string.Join(", ", terms.Select(term => term.IsDescending ? $"{term.Column} DESC" : term.Column));

    /// <summary>The condition that a row stands behind a position.</summary>
    public string Behind(string position, SqlValues values)
    {
        string[] places = [.. Read(position).Select(values.Place)];
        bool isUniform = terms.All(term => term.IsDescending == terms[0].IsDescending);
        if (isUniform)
        {
            string sign = terms[0].IsDescending ? "<" : ">";
            return $"({Columns}) {sign} ({string.Join(", ", places)})";
        }

        IEnumerable<string> steps = terms.Select((term, i) =>
        {
            IEnumerable<string> same = terms.Take(i).Select((earlier, j) => $"{earlier.Column} = {places[j]}");
            string further = $"{term.Column} {(term.IsDescending ? "<" : ">")} {places[i]}";
            return $"({string.Join(" AND ", same.Append(further))})";
        });
        return $"({string.Join(" OR ", steps)})";
    }

    /// <summary>The position of a row whose last columns are <see cref="Columns"/>.</summary>
    public string PositionOf(DbDataReader row) =>
        Position(Enumerable.Range(row.FieldCount - Count, Count).Select(row.GetValue));

    /// <summary>The position of a row with these values: texts and whole numbers.</summary>
    public static string Position(IEnumerable<object> values) => FloristJson.Write(values.ToArray());

    private static object[] Read(string position) =>
        [.. FloristJson.Read<ImmutableArray<JsonElement>>(position).Select(element =>
            element.ValueKind == JsonValueKind.Number ? (object)element.GetInt64() : element.GetString() ?? "")];
}
