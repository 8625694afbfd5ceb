using System.Collections.Immutable;
using System.Text;

namespace Florist.Kernel;

/// <summary>
/// Cuts a filter into words. A text right behind an operator is an argument and may hold colons and points when it
/// begins with a digit, as times do; anywhere else a colon is the operator.
/// </summary>
internal sealed class FilterScanner
{
    private const string WordEnds = " \t\r\n()\"'=<>!,\\";

    private readonly string filter;
    private readonly ImmutableArray<FilterToken>.Builder tokens = ImmutableArray.CreateBuilder<FilterToken>();
    private int next;
    private int position = 1;

    private FilterScanner(string filter)
    {
        this.filter = filter;
    }

    private bool AtEnd => next >= filter.Length;

    /// <summary>All words in order, the last of kind <see cref="FilterTokenKind.End"/>.</summary>
    public static Outcome<ImmutableArray<FilterToken>> Scan(string filter)
    {
        FilterScanner scanner = new(filter);
        while (scanner.SkipBlanks())
        {
            if (scanner.Word() is { } fault)
            {
                return fault;
            }
        }

        scanner.Add(FilterTokenKind.End, scanner.position, "");
        return scanner.tokens.ToImmutable();
    }

    private bool SkipBlanks()
    {
        while (!AtEnd && filter[next] is ' ' or '\t' or '\r' or '\n')
        {
            Take();
        }

        return !AtEnd;
    }

    private Fault? Word()
    {
        int start = position;
        switch (filter[next])
        {
            case '(':
                Add(FilterTokenKind.Open, start, Take().ToString());
                return null;
            case ')':
                Add(FilterTokenKind.Close, start, Take().ToString());
                return null;
            case '-' when !IsArgument:
                Add(FilterTokenKind.Minus, start, Take().ToString());
                return null;
            case '=' or '<' or '>' or '!' or ':':
                return Operator(start);
            case '"' or '\'':
                return Quoted(start);
            case ',':
                return Mistake(start, "functions and lists are not part of this filter language");
            case '\\':
                return Mistake(start, "a backslash stands only inside quotes");
            default:
                Text(start);
                return null;
        }
    }

    private bool IsArgument => tokens.Count > 0 && tokens[^1].Kind == FilterTokenKind.Operator;

    private Fault? Operator(int start)
    {
        char first = Take();
        bool withEqual = !AtEnd && filter[next] == '=' && first is '<' or '>' or '!';
        if (withEqual)
        {
            Take();
        }

        FilterOperator? found = (first, withEqual) switch
        {
            ('=', _) => FilterOperator.Equal,
            ('!', true) => FilterOperator.NotEqual,
            ('<', false) => FilterOperator.Less,
            ('<', true) => FilterOperator.LessOrEqual,
            ('>', false) => FilterOperator.Greater,
            ('>', true) => FilterOperator.GreaterOrEqual,
            (':', _) => FilterOperator.Has,
            _ => null,
        };
        if (found is not { } known)
        {
            return Mistake(start, "'!' is no operator; write != or NOT");
        }

        tokens.Add(new(FilterTokenKind.Operator, start, [FilterOperators.Symbol(known)], known));
        return null;
    }

    private void Text(int start)
    {
        bool colonsBelong = IsArgument && char.IsAsciiDigit(filter[next]);
        StringBuilder text = new();
        while (!AtEnd && !WordEnds.Contains(filter[next], StringComparison.Ordinal)
            && (filter[next] != ':' || colonsBelong))
        {
            text.Append(Take());
        }

        string word = text.ToString();
        FilterTokenKind kind = word switch
        {
            "AND" => FilterTokenKind.And,
            "OR" => FilterTokenKind.Or,
            "NOT" => FilterTokenKind.Not,
            _ => FilterTokenKind.Text,
        };
        tokens.Add(new(kind, start, [.. word.Split('*').Select(Canonical)]));
    }

    private Fault? Quoted(int start)
    {
        char quote = Take();
        ImmutableArray<string>.Builder segments = ImmutableArray.CreateBuilder<string>();
        StringBuilder segment = new();
        while (!AtEnd && filter[next] != quote)
        {
            int here = position;
            char c = Take();
            if (c == '*')
            {
                segments.Add(Canonical(segment.ToString()));
                segment.Clear();
            }
            else if (c != '\\')
            {
                segment.Append(c);
            }
            else if (Escaped() is { } meant)
            {
                segment.Append(meant);
            }
            else
            {
                return Mistake(here, "a backslash stands before a quote, a backslash, *, n or t");
            }
        }

        if (AtEnd)
        {
            return Mistake(start, "the quote is not closed");
        }

        Take();
        segments.Add(Canonical(segment.ToString()));
        tokens.Add(new(FilterTokenKind.Quoted, start, segments.ToImmutable()));
        return null;
    }

    private char? Escaped()
    {
        if (AtEnd)
        {
            return null;
        }

        return Take() switch
        {
            'n' => '\n',
            't' => '\t',
            var c and ('"' or '\'' or '\\' or '*') => c,
            _ => null,
        };
    }

    /// <summary>Takes one UTF-16 unit; the second of a surrogate pair does not count as a character.</summary>
    private char Take()
    {
        char c = filter[next++];
        if (AtEnd || !char.IsLowSurrogate(filter[next]))
        {
            position++;
        }

        return c;
    }

    private void Add(FilterTokenKind kind, int start, string word) => tokens.Add(new(kind, start, [word]));

    // Stored texts are in this form; a literal in another form would never match them.
    private static string Canonical(string text) => text.ReplaceLineEndings("\n").Normalize(NormalizationForm.FormC);

    private static Fault Mistake(int position, string text) =>
        FilterSchema.Mistake(position, FilterSchema.SyntaxReason, text);
}
