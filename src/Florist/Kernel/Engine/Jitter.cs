namespace Florist.Kernel;

/// <summary>Spreads retries. One object for all, seeded by a simulation that wants to repeat itself.</summary>
internal sealed class Jitter(Random random)
{
    private readonly Lock drawing = new();

    /// <summary>From 0 to 1.</summary>
    public double Next()
    {
        lock (drawing)
        {
            return random.NextDouble();
        }
    }
}
