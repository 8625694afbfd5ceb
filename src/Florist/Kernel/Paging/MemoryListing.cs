using System.Collections.Immutable;
using System.Globalization;

namespace Florist.Kernel;

/// <summary>
/// A listing of a small set that is in memory as a whole: filtered, ordered and cut into pages with the meaning that
/// listings in the database have. A page begins behind the last item of the one before, even if that is gone by now.
/// </summary>
/// <typeparam name="T">The items.</typeparam>
/// <param name="read">
/// What an item holds in the field of a path; null when the field is absent, which sorts first.
/// </param>
/// <param name="id">What tells items apart, and orders them where nothing else does.</param>
public sealed class MemoryListing<T>(Func<T, string, FilterValue?> read, Func<T, string> id)
{
    // No text that the product keeps holds this control character.
    private const char Between = '\u001E';

    /// <summary>One page.</summary>
    /// <param name="items">All items, in any order.</param>
    /// <param name="filter">What an item must fulfil.</param>
    /// <param name="order">What to sort by before the id.</param>
    /// <param name="page">Which page; its token must come from the same filter and order.</param>
    public Page<T> Page(
        IEnumerable<T> items, FilterExpression filter, ImmutableArray<OrderTerm> order, PageRequest page)
    {
        Comparer<string[]> comparer = Comparer<string[]>.Create((left, right) => Compare(left, right, order));
        string[]? after = page.After?.Split(Between);
        List<(string[] Place, T Item)> found = [.. items
            .Where(item => filter.Matches(field => read(item, field.Path)))
            .Select(item => (Place: PlaceOf(item, order), Item: item))
            .Where(entry => after is null || Compare(entry.Place, after, order) > 0)
            .OrderBy(entry => entry.Place, comparer)
            .Take(page.Size + 1)];
        string? next = found.Count > page.Size ? string.Join(Between, found[page.Size - 1].Place) : null;
        return new([.. found.Take(page.Size).Select(entry => entry.Item)], next);
    }

    private static int Compare(string[] left, string[] right, ImmutableArray<OrderTerm> order)
    {
        for (int i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            int compared = string.CompareOrdinal(left[i], right[i]);
            if (compared != 0)
            {
                return i < order.Length && order[i].IsDescending ? -compared : compared;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    private string[] PlaceOf(T item, ImmutableArray<OrderTerm> order) =>
        [.. order.Select(term => Sortable(read(item, term.Field))), id(item)];

    // Texts that sort ordinally as the values do. Numbers are shifted so that none of them is negative.
    private static string Sortable(FilterValue? value) => value switch
    {
        null => "",
        FilterValue.Text text => text.Value,
        FilterValue.Integer number => Shifted(number.Value),
        FilterValue.Money money => Shifted(money.Minor),
        FilterValue.Date day => day.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        FilterValue.Timestamp instant => Shifted(instant.Value.UtcTicks),
        _ => throw new InvalidOperationException($"{value.GetType().Name} is not sorted by"),
    };

    private static string Shifted(long number) => string.Create(
        CultureInfo.InvariantCulture, $"{unchecked((ulong)number ^ 0x8000_0000_0000_0000):D20}");
}
