using System.Globalization;

namespace Florist.Server.Tour;

/// <summary>Prints what happens, by the product's clock.</summary>
/// <param name="output">Where to.</param>
internal sealed class Timeline(TextWriter output)
{
    private readonly Lock sync = new();

    /// <summary>The chapter that is being played.</summary>
    public string Chapter { get; private set; } = "Getting there";

    /// <summary>The time that lines carry.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>Begins a chapter.</summary>
    public void Begin(string chapter)
    {
        lock (sync)
        {
            Chapter = chapter;
            output.WriteLine();
            output.WriteLine($"── {chapter} " + new string('─', Math.Max(3, 76 - chapter.Length)));
        }
    }

    /// <summary>Says who did what, and what came of it.</summary>
    public void Say(string who, string text)
    {
        string time = Now.UtcDateTime.ToString("ddd dd MMM HH:mm", CultureInfo.InvariantCulture);
        lock (sync)
        {
            output.WriteLine($"{time}  {who,-9} {text}");
        }
    }

    /// <summary>Shows lines that belong to the one before, as the text of a message.</summary>
    public void Quote(IEnumerable<string> lines)
    {
        lock (sync)
        {
            foreach (string line in lines)
            {
                output.WriteLine($"{new string(' ', 28)}│ {line}");
            }
        }
    }
}

/// <summary>Something did not happen as it should.</summary>
internal sealed class TourException(string message) : Exception(message);
