namespace Florist.Tests.Simulation;

/// <summary>The whole shop, simulated. A failure prints the seed and the command that repeats it.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    // A fault that never happens proves nothing. Those of the host itself are its own to count.
    private static readonly string[] Asked =
    [
        nameof(Faults.AnswerLost), nameof(Faults.CrashAtProvider), nameof(Faults.MessageDoubled),
        nameof(Faults.PaymentUnknown), nameof(Faults.ProviderDown), nameof(Faults.ProviderThrottles),
        nameof(Faults.ReportDoubled), nameof(Faults.ReportLate), nameof(Faults.StorageRefuses),
        nameof(Faults.StorageSlow), nameof(Faults.StorageUnknown), nameof(Faults.WakeDoubled),
        nameof(Faults.WakeLate), nameof(Faults.WakeSkipped),
    ];

    [Fact]
    public void Twenty_seeds_of_the_short_form_hold_every_invariant()
    {
        HashSet<string> happened = [];
        for (int seed = 1; seed <= 20; seed++)
        {
            using Simulation simulation = new(SimulationPlan.Short(seed));
            SimulationReport report = simulation.Run();
            output.WriteLine($"seed {seed}: {report.Hash}, {report.Figures}");
            if (report.Findings.Count > 0)
            {
                Assert.Fail(string.Join('\n', [.. report.Findings, report.Plan.Command, .. simulation.Trace.Last]));
            }

            happened.UnionWith(simulation.Faults.Counts.Keys);
        }

        Assert.Empty(Asked.Except(happened));
    }
}
