namespace Florist.Kernel;

/// <summary>The spelling of the operators, and which of them a type has.</summary>
internal static class FilterOperators
{
    public static string Symbol(FilterOperator op) => op switch
    {
        FilterOperator.Equal => "=",
        FilterOperator.NotEqual => "!=",
        FilterOperator.Less => "<",
        FilterOperator.LessOrEqual => "<=",
        FilterOperator.Greater => ">",
        FilterOperator.GreaterOrEqual => ">=",
        FilterOperator.Has => ":",
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, null),
    };

    public static bool Suits(FilterFieldType type, FilterOperator op) => type switch
    {
        FilterFieldType.TextSet => op == FilterOperator.Has,
        FilterFieldType.Boolean or FilterFieldType.Enum => op is FilterOperator.Equal or FilterOperator.NotEqual,
        _ => op != FilterOperator.Has,
    };

    public static string Suiting(FilterFieldType type) => type switch
    {
        FilterFieldType.TextSet => ":",
        FilterFieldType.Boolean or FilterFieldType.Enum => "=, != and :*",
        _ => "=, !=, <, <=, >, >= and :*",
    };
}
