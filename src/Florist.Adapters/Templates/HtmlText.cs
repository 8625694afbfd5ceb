using System.Text;
using HandlebarsDotNet;

namespace Florist.Adapters.Templates;

/// <summary>
/// Escapes text for HTML, in content and in double-quoted attributes. Only what must be: umlauts and emoji stay
/// readable, for the document says that it is UTF-8.
/// </summary>
internal sealed class HtmlText : ITextEncoder
{
    public static readonly HtmlText Encoder = new();

    public void Encode(StringBuilder? text, TextWriter target)
    {
        foreach (ReadOnlyMemory<char> chunk in (text ?? new StringBuilder()).GetChunks())
        {
            Write(chunk.Span, target);
        }
    }

    public void Encode(string? text, TextWriter target) => Write(text, target);

    public void Encode<T>(T? text, TextWriter target)
        where T : IEnumerator<char>
    {
        while (text?.MoveNext() == true)
        {
            Write([text.Current], target);
        }
    }

    private static void Write(ReadOnlySpan<char> text, TextWriter target)
    {
        foreach (char c in text)
        {
            switch (c)
            {
                case '<':
                    target.Write("&lt;");
                    break;
                case '>':
                    target.Write("&gt;");
                    break;
                case '&':
                    target.Write("&amp;");
                    break;
                case '"':
                    target.Write("&quot;");
                    break;
                case '\'':
                    target.Write("&#39;");
                    break;
                case '`':
                    target.Write("&#96;");
                    break;
                default:
                    target.Write(c);
                    break;
            }
        }
    }
}
