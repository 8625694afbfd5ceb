using System.Collections.Immutable;

namespace Florist.Server.Gateway;

/// <summary>
/// A path template of <c>google.api.http</c>, such as <c>/v1/{name=customers/*/occasions/*}:mute</c>: literals,
/// <c>*</c> for one segment, variables that capture segments, and a verb at the end. No contract of ours has a
/// <c>**</c>, so there is none.
/// </summary>
internal sealed class PathTemplate
{
    private const string One = "*";

    private readonly ImmutableArray<string> segments;
    private readonly ImmutableArray<Variable> variables;

    private PathTemplate(
        string text, ImmutableArray<string> segments, ImmutableArray<Variable> variables, string verb)
    {
        Text = text;
        this.segments = segments;
        this.variables = variables;
        Verb = verb;
    }

    /// <summary>The template as it was written.</summary>
    public string Text { get; }

    /// <summary>Number of segments.</summary>
    public int Length => segments.Length;

    /// <summary>What follows the colon; empty without one.</summary>
    public string Verb { get; }

    /// <summary>The fields that the path fills, as <c>occasion.name</c>, each with its part of the template.</summary>
    public ImmutableArray<(string Field, string Pattern)> Fields =>
        [.. variables.Select(variable => (variable.Field, string.Join('/', Part(variable))))];

    /// <summary>Reads a template.</summary>
    /// <exception cref="FormatException">It is none: a mistake in a contract, found at the start.</exception>
    public static PathTemplate Parse(string text)
    {
        Parser parser = new(text);
        parser.Parse();
        return new PathTemplate(text, parser.Segments.ToImmutable(), parser.Variables.ToImmutable(), parser.Verb);
    }

    /// <summary>The template as OpenAPI writes it: <c>/v1/customers/{customer}/occasions/{occasion}:mute</c>.</summary>
    /// <param name="nameOf">The name of the n-th wildcard after this literal, as <c>customer</c> of customers.</param>
    public string ToOpenApi(Func<string, string> nameOf)
    {
        List<string> parts = [];
        string before = "";
        foreach (string segment in segments)
        {
            parts.Add(segment == One ? "{" + nameOf(before) + "}" : segment);
            before = segment;
        }

        return "/" + string.Join('/', parts) + (Verb.Length == 0 ? "" : ":" + Verb);
    }

    /// <summary>Compares the segments of a path, without its verb, and captures what the variables stand for.</summary>
    /// <returns>The captured values by field; null when the path is another one.</returns>
    public ImmutableArray<(string Field, string Value)>? Match(ReadOnlySpan<string> path)
    {
        if (path.Length != segments.Length)
        {
            return null;
        }

        for (int i = 0; i < segments.Length; i++)
        {
            if (segments[i] == One ? path[i].Length == 0 : segments[i] != path[i])
            {
                return null;
            }
        }

        ImmutableArray<(string, string)>.Builder captured =
            ImmutableArray.CreateBuilder<(string, string)>(variables.Length);
        foreach (Variable variable in variables)
        {
            captured.Add((variable.Field, string.Join('/', path[variable.Start..variable.End])));
        }

        return captured.MoveToImmutable();
    }

    private ImmutableArray<string> Part(Variable variable) => segments[variable.Start..variable.End];

    private readonly record struct Variable(string Field, int Start, int End);

    private ref struct Parser(string text)
    {
        private int at;

        public ImmutableArray<string>.Builder Segments { get; } = ImmutableArray.CreateBuilder<string>();

        public ImmutableArray<Variable>.Builder Variables { get; } = ImmutableArray.CreateBuilder<Variable>();

        public string Verb { get; private set; } = "";

        public void Parse()
        {
            Expect('/');
            ReadSegments(isInVariable: false);
            if (at < text.Length)
            {
                Expect(':');
                Verb = ReadLiteral();
            }

            if (at < text.Length || Segments.Contains("**"))
            {
                throw Wrong();
            }
        }

        private void ReadSegments(bool isInVariable)
        {
            do
            {
                if (Peek() == '{' && !isInVariable)
                {
                    ReadVariable();
                }
                else
                {
                    Segments.Add(ReadLiteral());
                }
            }
            while (Take('/'));
        }

        private void ReadVariable()
        {
            Expect('{');
            string field = ReadLiteral();
            int start = Segments.Count;
            if (Take('='))
            {
                ReadSegments(isInVariable: true);
            }
            else
            {
                Segments.Add(One);
            }

            Expect('}');
            Variables.Add(new Variable(field, start, Segments.Count));
        }

        private string ReadLiteral()
        {
            int start = at;
            while (at < text.Length && !"/:={}".Contains(text[at], StringComparison.Ordinal))
            {
                at++;
            }

            return at > start ? text[start..at] : throw Wrong();
        }

        private readonly char Peek() => at < text.Length ? text[at] : '\0';

        private bool Take(char expected)
        {
            if (Peek() != expected)
            {
                return false;
            }

            at++;
            return true;
        }

        private void Expect(char expected)
        {
            if (!Take(expected))
            {
                throw Wrong();
            }
        }

        private readonly FormatException Wrong() => new($"'{text}' is no path template: see character {at + 1}.");
    }
}
