using System.Text.RegularExpressions;
using Florist.Tests.Architecture;

namespace Florist.Tests.Simulation;

/// <summary>The simulation is worth as much as what it runs is the server.</summary>
public sealed partial class CompositionTests
{
    // The world around the shop is simulated, the storage is SQLite, and imports are a way in, not a part.
    private static readonly string[] Replaced =
        ["Storage", "Templates", "Imports", "Email", "Sms", "Payments", "Proofs", "GrainHost"];

    [Fact]
    public void The_simulation_runs_every_feature_that_the_server_has()
    {
        string server = Text("src/Florist.Server/Composition.cs");
        string wiring = server[..server.IndexOf("AddEdge", StringComparison.Ordinal)];
        string[] served = Added(wiring);

        Assert.Contains("Orders", served);
        Assert.Empty(served.Except(Replaced)
            .Except(Added(Text("tests/Florist.Tests/Simulation/SimulatedMachine.cs"))));
    }

    private static string Text(string file) => string.Join('\n', Repository.Lines(file));

    private static string[] Added(string text) =>
        [.. Feature().Matches(text).Select(match => match.Groups[1].Value).Distinct()];

    [GeneratedRegex(@"(?:services|builder|collection)\.Add([A-Z][A-Za-z]+)\(")]
    private static partial Regex Feature();
}
