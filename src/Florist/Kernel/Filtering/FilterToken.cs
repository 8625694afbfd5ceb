using System.Collections.Immutable;

namespace Florist.Kernel;

internal enum FilterTokenKind
{
    End,
    Text,
    Quoted,
    Operator,
    Open,
    Close,
    And,
    Or,
    Not,
    Minus,
}

/// <summary>A word of a filter.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Position">Where it begins: code points from 1.</param>
/// <param name="Segments">For a text, what stands before, between and behind its wildcards; else one, the word.</param>
/// <param name="Operator">Which operator it is; without meaning for other kinds.</param>
internal sealed record FilterToken(
    FilterTokenKind Kind, int Position, ImmutableArray<string> Segments, FilterOperator Operator = default)
{
    /// <summary>The text without wildcards; null when it has any.</summary>
    public string? Plain => Segments.Length == 1 ? Segments[0] : null;

    /// <summary>The unquoted <c>*</c>.</summary>
    public bool IsStar => Kind == FilterTokenKind.Text && Segments is ["", ""];

    public bool IsLiteral => Kind is FilterTokenKind.Text or FilterTokenKind.Quoted;
}
