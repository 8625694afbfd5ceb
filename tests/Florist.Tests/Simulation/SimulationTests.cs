namespace Florist.Tests.Simulation;

/// <summary>The whole shop, simulated. A failure prints the seed and the command that repeats it.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void Twenty_seeds_of_the_short_form_hold_every_invariant()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            using Simulation simulation = new(SimulationPlan.Short(seed));
            SimulationReport report = simulation.Run();
            output.WriteLine($"seed {seed}: {report.Hash}, {report.Figures}");
            if (report.Findings.Count > 0)
            {
                Assert.Fail(string.Join('\n', [.. report.Findings, report.Plan.Command, .. simulation.Trace.Last]));
            }
        }
    }
}
