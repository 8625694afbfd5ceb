namespace Florist.Tests.Simulation;

/// <summary>What people do is left to chance, and a seed repeats it.</summary>
internal sealed class Chance(int seed)
{
#pragma warning disable CA5394 // People are to be repeatable, not secret.
    private readonly Random random = new(seed);

    /// <summary>True in so many of a hundred cases.</summary>
    public bool Percent(double percent) => random.NextDouble() * 100 < percent;

    /// <summary>A whole number from 0 to one below.</summary>
    public int Below(int limit) => random.Next(limit);

    /// <summary>A whole number, both ends included.</summary>
    public int Between(int least, int most) => random.Next(least, most + 1);

    /// <summary>A time between two.</summary>
    public TimeSpan Between(TimeSpan least, TimeSpan most) => least + ((most - least) * random.NextDouble());

    /// <summary>How long until something that happens so often on average happens next.</summary>
    public TimeSpan Next(TimeSpan mean) => mean * -Math.Log(1 - random.NextDouble());

    /// <summary>One of several.</summary>
    public T One<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    /// <summary>Shuffles.</summary>
    public T[] Shuffled<T>(IEnumerable<T> items)
    {
        T[] all = [.. items];
        random.Shuffle(all);
        return all;
    }
#pragma warning restore CA5394
}
