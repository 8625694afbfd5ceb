namespace Florist.Tests.Simulation;

/// <summary>
/// Proves that the simulation can fail: each of these defects loses something, and some seed among the first shows it.
/// </summary>
public sealed class CheckerTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(nameof(Sabotage.WakeForgotten), "I5")]
    [InlineData(nameof(Sabotage.MessagesApart), "I7")]
    [InlineData(nameof(Sabotage.AnswersForgotten), "I2")]
    [InlineData(nameof(Sabotage.AnsweredEarly), "I1|I4")]
    [InlineData(nameof(Sabotage.IndexForgotten), "I9")]
    public void A_defect_of_the_storage_is_found_within_a_few_seeds(string sabotage, string invariants)
    {
        const int SeedsMax = 15;
        for (int seed = 1; seed <= SeedsMax; seed++)
        {
            SimulationPlan plan = SimulationPlan.Short(seed) with { Sabotage = Enum.Parse<Sabotage>(sabotage) };
            using Simulation simulation = new(plan);
            string[] found = [.. simulation.Run().Findings.Select(finding => finding.Split(':')[0])];
            if (found.Intersect(invariants.Split('|')).Any())
            {
                output.WriteLine($"found by seed {seed}: {string.Join(", ", found.Distinct())}");
                return;
            }
        }

        Assert.Fail($"{SeedsMax} seeds did not find {sabotage}");
    }
}
