using System.Diagnostics;
using System.Globalization;
using Florist.Tests.Simulation;

namespace Florist.Benchmarks.Simulating;

/// <summary>
/// <c>simulate</c>: the long form of the simulation. Prints a line for each seed, and for a failure what was found, the
/// last of what happened and the command that repeats it.
/// </summary>
internal static class SimulateCommand
{
    private const string Usage = """
        simulate --seed N | --seeds FIRST..LAST   one seed, or many
                 [--customers N] [--days N]       the size; 200 customers and 1095 days unless given
                 [--pace N]                       so many times as busy
                 [--short]                        the size of the short form that the tests run
                 [--safety | --liveness]          unless given: even seeds liveness, odd ones safety
                 [--minutes N]                    begin no further seed after so long
                 [--no-faults] [--sabotage NAME]  nothing fails; or a defect on purpose
                 [--trace TEXT]                   print every line of the trace that contains this
        """;

    public static async Task<int> Run(string[] args)
    {
        Wanted wanted;
        try
        {
            wanted = Wanted.Read(args);
        }
        catch (FormatException wrong)
        {
            await Console.Error.WriteLineAsync($"{wrong.Message}\n{Usage}");
            return 2;
        }

        long started = Stopwatch.GetTimestamp();
        int failed = 0;
        int done = 0;
        for (int seed = wanted.First; seed <= wanted.Last; seed++)
        {
            if (Stopwatch.GetElapsedTime(started) > wanted.Longest)
            {
                Console.WriteLine($"the time is up before seed {seed}");
                break;
            }

            done++;
            failed += RunOne(wanted.Plan(seed), wanted.Trace) ? 0 : 1;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{done} seeds in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s, {failed} failed"));
        return failed == 0 ? 0 : 1;
    }

    private static bool RunOne(SimulationPlan plan, string? trace)
    {
        long started = Stopwatch.GetTimestamp();
        using Simulation simulation = new(plan, trace);
        SimulationReport report = simulation.Run();
        bool isWell = report.Findings.Count == 0;
        foreach (string line in isWell && trace is null ? [] : simulation.Trace.Last)
        {
            Console.WriteLine(line);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {plan.Seed} {(plan.FaultsStop ? "liveness" : "safety")} {(isWell ? "ok" : "FAILED")} {report.Hash} "
            + $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s: {report.Figures}"));
        foreach (string finding in report.Findings)
        {
            Console.WriteLine($"  {finding}");
        }

        if (!isWell)
        {
            Console.WriteLine($"  again: {plan.Command}");
        }

        return isWell;
    }

    private sealed record Wanted
    {
        public int First { get; private init; } = 1;

        public int Last { get; private init; } = 1;

        public TimeSpan Longest { get; private init; } = TimeSpan.MaxValue;

        public string? Trace { get; private init; }

        private int? Customers { get; init; }

        private int? Days { get; init; }

        private int? Pace { get; init; }

        private bool IsShort { get; init; }

        private bool? FaultsStop { get; init; }

        private bool Faults { get; init; } = true;

        private Sabotage Sabotage { get; init; }

        public static Wanted Read(string[] args)
        {
            Wanted wanted = new();
            Queue<string> rest = new(args);
            while (rest.TryDequeue(out string? arg))
            {
                wanted = arg switch
                {
                    "--seed" => wanted.Seeds(Value(rest, arg), null),
                    "--seeds" when Value(rest, arg).Split("..") is [var first, var last] => wanted.Seeds(first, last),
                    "--customers" => wanted with { Customers = Number(Value(rest, arg)) },
                    "--days" => wanted with { Days = Number(Value(rest, arg)) },
                    "--pace" => wanted with { Pace = Number(Value(rest, arg)) },
                    "--short" => wanted with { IsShort = true },
                    "--minutes" => wanted with { Longest = TimeSpan.FromMinutes(Number(Value(rest, arg))) },
                    "--safety" => wanted with { FaultsStop = false },
                    "--liveness" => wanted with { FaultsStop = true },
                    "--no-faults" => wanted with { Faults = false },
                    "--sabotage" => wanted with { Sabotage = Enum.Parse<Sabotage>(Value(rest, arg)) },
                    "--trace" => wanted with { Trace = Value(rest, arg) },
                    _ => throw new FormatException($"'{arg}' is not understood"),
                };
            }

            return wanted;
        }

        public SimulationPlan Plan(int seed)
        {
            SimulationPlan plan = IsShort ? SimulationPlan.Short(seed) : SimulationPlan.Full(seed);
            return plan with
            {
                Customers = Customers ?? plan.Customers,
                Days = Days ?? plan.Days,
                Pace = Pace ?? plan.Pace,
                FaultsStop = FaultsStop ?? plan.FaultsStop,
                Faults = Faults,
                Sabotage = Sabotage,
            };
        }

        private Wanted Seeds(string first, string? last) =>
            this with { First = Number(first), Last = Number(last ?? first) };

        private static string Value(Queue<string> rest, string arg) =>
            rest.TryDequeue(out string? value) ? value : throw new FormatException($"{arg} needs a value");

        private static int Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new FormatException($"'{text}' is no number");
    }
}
