using System.Globalization;

namespace Florist.Tests.Simulation.Models;

/// <summary>
/// Looks for a history of commands on which the real thing and its model disagree, and makes it short.
/// </summary>
/// <param name="draw">Draws a command.</param>
/// <param name="run">Runs a history on something fresh; null when both agree, else where they do not.</param>
internal sealed class Trial<TCommand>(Func<Chance, TCommand> draw, Func<IReadOnlyList<TCommand>, string?> run)
{
    private const int LengthMax = 30;

    /// <summary>Tries histories until so many commands were run.</summary>
    /// <returns>The shortest disagreement found, told for people; null when there is none.</returns>
    public string? Search(int seed, int commands)
    {
        Chance chance = new(seed);
        int left = commands;
        while (left > 0)
        {
            TCommand[] history = [.. Enumerable.Range(0, chance.Between(1, LengthMax)).Select(_ => draw(chance))];
            left -= history.Length;
            if (run(history) is not null)
            {
                TCommand[] shortest = Shrink(history);
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"seed {seed}, {shortest.Length} commands:\n{string.Join('\n', shortest)}\n{run(shortest)}");
            }
        }

        return null;
    }

    /// <summary>Leaves out all that is not needed for the two to disagree.</summary>
    private TCommand[] Shrink(TCommand[] failing)
    {
        TCommand[] shortest = failing;
        int size = failing.Length;
        while (size > 0)
        {
            if (Without(shortest, size) is { } shorter)
            {
                shortest = shorter;
                size = Math.Min(size, shortest.Length);
            }
            else
            {
                size /= 2;
            }
        }

        return shortest;
    }

    /// <summary>The history without so many commands in a row, still failing; null when none can go.</summary>
    private TCommand[]? Without(TCommand[] failing, int size)
    {
        for (int at = 0; at + size <= failing.Length; at++)
        {
            TCommand[] without = [.. failing[..at], .. failing[(at + size)..]];
            if (run(without) is not null)
            {
                return without;
            }
        }

        return null;
    }
}
