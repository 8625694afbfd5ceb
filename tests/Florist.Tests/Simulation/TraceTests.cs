namespace Florist.Tests.Simulation;

/// <summary>A run is worth something only when it can be had again.</summary>
public sealed class TraceTests
{
    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    public void The_same_seed_gives_the_same_trace(int seed)
    {
        using Simulation first = new(SimulationPlan.Short(seed));
        using Simulation second = new(SimulationPlan.Short(seed));
        using Simulation other = new(SimulationPlan.Short(seed + 100));

        string hash = first.Run().Hash;
        Assert.Equal(hash, second.Run().Hash);
        Assert.NotEqual(hash, other.Run().Hash);
    }
}
