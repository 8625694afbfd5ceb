using System.Collections.Immutable;

namespace Florist.Kernel;

/// <summary>How a field is compared with a literal.</summary>
public enum FilterOperator
{
    /// <summary><c>=</c>: present and equal, or matching the pattern.</summary>
    Equal,

    /// <summary><c>!=</c>: the opposite of <see cref="Equal"/>, so true of an absent field.</summary>
    NotEqual,

    /// <summary><c>&lt;</c>: present and less.</summary>
    Less,

    /// <summary><c>&lt;=</c>: present and at most.</summary>
    LessOrEqual,

    /// <summary><c>&gt;</c>: present and greater.</summary>
    Greater,

    /// <summary><c>&gt;=</c>: present and at least.</summary>
    GreaterOrEqual,

    /// <summary><c>:</c>: the set has the member.</summary>
    Has,
}

/// <summary>
/// A filter that was checked against a schema: every field is declared, every literal has the field's type. Logic is
/// two-valued: a comparison with an absent field is false, except <see cref="FilterOperator.NotEqual"/>, and NOT turns
/// exactly that around. An adapter for SQL must keep it so, where a comparison with NULL is neither. The nested records
/// are all there are.
/// </summary>
public abstract record FilterExpression
{
    private FilterExpression()
    {
    }

    /// <summary>Holds for everything: the empty filter.</summary>
    public sealed record Everything : FilterExpression;

    /// <summary>Holds when every operand does.</summary>
    /// <param name="Operands">Two or more.</param>
    public sealed record And(ImmutableArray<FilterExpression> Operands) : FilterExpression
    {
        /// <summary>Equal when the operands are, in order.</summary>
        public bool Equals(And? other) => other is not null && Operands.SequenceEqual(other.Operands);

        /// <inheritdoc/>
        public override int GetHashCode() => HashOf(nameof(And), Operands);
    }

    /// <summary>Holds when any operand does.</summary>
    /// <param name="Operands">Two or more.</param>
    public sealed record Or(ImmutableArray<FilterExpression> Operands) : FilterExpression
    {
        /// <summary>Equal when the operands are, in order.</summary>
        public bool Equals(Or? other) => other is not null && Operands.SequenceEqual(other.Operands);

        /// <inheritdoc/>
        public override int GetHashCode() => HashOf(nameof(Or), Operands);
    }

    /// <summary>Holds when the operand does not.</summary>
    public sealed record Not(FilterExpression Operand) : FilterExpression;

    /// <summary>Compares a field with a literal.</summary>
    /// <param name="Field">The field on the left.</param>
    /// <param name="Operator">One that the field's type allows.</param>
    /// <param name="Value">The literal on the right, of the field's type; a <see cref="FilterValue.Pattern"/> only with
    /// = and !=, a <see cref="FilterValue.Text"/> for a set.</param>
    public sealed record Comparison(FilterField Field, FilterOperator Operator, FilterValue Value) : FilterExpression;

    /// <summary>Holds when the field has a value; a set, when it has a member. Written <c>field:*</c>.</summary>
    public sealed record Presence(FilterField Field) : FilterExpression;

    private static int HashOf(string kind, ImmutableArray<FilterExpression> operands)
    {
        HashCode hash = default;
        hash.Add(kind, StringComparer.Ordinal);
        foreach (FilterExpression operand in operands)
        {
            hash.Add(operand);
        }

        return hash.ToHashCode();
    }
}
