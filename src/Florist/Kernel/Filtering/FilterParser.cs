using System.Collections.Immutable;
using System.Globalization;

namespace Florist.Kernel;

/// <summary>
/// Reads the words of a filter by recursive descent: expression = factor { AND factor }, factor = term { OR term },
/// term = [ NOT | - ] ( "(" expression ")" | field operator literal ). Recursion is bounded by the schema's depth.
/// </summary>
internal sealed class FilterParser(FilterSchema schema, ImmutableArray<FilterToken> tokens)
{
    private int next;
    private int terms;
    private int depth;

    private FilterToken Current => tokens[next];

    public Outcome<FilterExpression> Parse()
    {
        if (Current.Kind == FilterTokenKind.End)
        {
            return new FilterExpression.Everything();
        }

        if (Expression().Failed(out Fault? fault, out FilterExpression? expression))
        {
            return fault;
        }

        return Current.Kind switch
        {
            FilterTokenKind.End => expression,
            FilterTokenKind.Close => Mistake(Current, "this parenthesis was never opened"),
            _ => Mistake(Current, "AND or OR is missing before this"),
        };
    }

    private Outcome<FilterExpression> Expression() =>
        Chain(FilterTokenKind.And, Factor, operands => new FilterExpression.And(operands));

    private Outcome<FilterExpression> Factor() =>
        Chain(FilterTokenKind.Or, Term, operands => new FilterExpression.Or(operands));

    private Outcome<FilterExpression> Chain(
        FilterTokenKind link,
        Func<Outcome<FilterExpression>> operand,
        Func<ImmutableArray<FilterExpression>, FilterExpression> join)
    {
        ImmutableArray<FilterExpression>.Builder operands = ImmutableArray.CreateBuilder<FilterExpression>();
        do
        {
            if (operand().Failed(out Fault? fault, out FilterExpression? expression))
            {
                return fault;
            }

            operands.Add(expression);
        }
        while (TryTake(link));
        return operands.Count == 1 ? operands[0] : join(operands.ToImmutable());
    }

    private Outcome<FilterExpression> Term()
    {
        if (!TryTake(FilterTokenKind.Not) && !TryTake(FilterTokenKind.Minus))
        {
            return Simple();
        }

        if (Simple().Failed(out Fault? fault, out FilterExpression? negated))
        {
            return fault;
        }

        return new FilterExpression.Not(negated);
    }

    private Outcome<FilterExpression> Simple()
    {
        FilterToken open = Current;
        if (!TryTake(FilterTokenKind.Open))
        {
            return Restriction();
        }

        if (depth == schema.DepthMax)
        {
            return Limit(open, $"more than {schema.DepthMax} parentheses are open", "depthMax", schema.DepthMax);
        }

        depth++;
        if (Expression().Failed(out Fault? fault, out FilterExpression? inner))
        {
            return fault;
        }

        depth--;
        if (TryTake(FilterTokenKind.Close))
        {
            return inner;
        }

        return Current.Kind == FilterTokenKind.End
            ? Mistake(open, "this parenthesis is never closed")
            : Mistake(Current, "AND or OR is missing before this");
    }

    private Outcome<FilterExpression> Restriction()
    {
        FilterToken field = Current;
        if (!field.IsLiteral)
        {
            return Mistake(field, "a field name is missing here");
        }

        if (field.Kind == FilterTokenKind.Quoted)
        {
            return Mistake(field, "a field name, without quotes, stands on the left");
        }

        if (terms == schema.TermsMax)
        {
            return Limit(field, $"there are more than {schema.TermsMax} comparisons", "termsMax", schema.TermsMax);
        }

        terms++;
        next++;
        FilterToken op = Current;
        if (!TryTake(FilterTokenKind.Operator))
        {
            return op.Kind == FilterTokenKind.Open
                ? Mistake(field, "functions are not part of this filter language")
                : Mistake(op, "an operator is missing here: =, !=, <, <=, >, >= or :");
        }

        FilterToken literal = Current;
        if (!literal.IsLiteral)
        {
            return Mistake(literal, "a literal is missing here");
        }

        next++;
        return FilterBinding.Bind(schema, field, op, literal);
    }

    private bool TryTake(FilterTokenKind kind)
    {
        if (Current.Kind != kind)
        {
            return false;
        }

        next++;
        return true;
    }

    private static Fault Mistake(FilterToken token, string text) =>
        FilterSchema.Mistake(token.Position, FilterSchema.SyntaxReason, text);

    private static Fault Limit(FilterToken token, string text, string key, int limit) =>
        FilterSchema.Mistake(token.Position, FilterSchema.LimitReason, text)
            .With(key, limit.ToString(CultureInfo.InvariantCulture));
}
