using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Tests.Testing.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Florist.Benchmarks.Engine;

/// <summary>
/// <c>engine.writes.postgres</c>: durable writes a second by many callers over many grains, beside the transactions a
/// second that <c>pgbench -N</c> gets with 32 clients on the same server.
/// </summary>
internal static partial class PostgresWrites
{
    private const double Goal = 5;
    private const int Clients = 32;
    private const int Scale = 10;

    public static async Task Run()
    {
        if (PostgresCluster.WhyNot is { } reason)
        {
            Console.WriteLine($"engine.writes.postgres skipped: {reason}");
            return;
        }

        PostgresCluster cluster = await PostgresCluster.Running();
        await using (cluster)
        {
            string text = await cluster.NewDatabase();
            NpgsqlConnectionStringBuilder server = new(text);
            await PgBench(server, "-i", "-q", "-s", $"{Scale}");
            using PostgresDatabase database = new(
                new PostgresOptions { ConnectionString = text },
                new Fatal(),
                TimeProvider.System,
                NullLogger.Instance,
                Migration.All(SqlDialect.Postgres));
            GrainWrites writes = new(new PostgresStateStore(database));
            await writes.WriteAll();
            (double shared, double transactions) = await Measure.Both(
                () => Measure.Rate(GrainWrites.Callers, writes.Write), () => PgBenchRate(server));
            await writes.Prove();
            Figure.Rate("engine.writes.postgres", shared, transactions, Goal);
        }
    }

    private static async Task<double> PgBenchRate(NpgsqlConnectionStringBuilder server)
    {
        string said = await PgBench(server, "-N", "-n", "-c", $"{Clients}", "-j", "2", "-T", "1");
        return double.Parse(Tps().Match(said).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static async Task<string> PgBench(NpgsqlConnectionStringBuilder server, params string[] arguments)
    {
        ProcessStartInfo start = new("pgbench", [.. arguments, server.Database ?? ""])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PGHOST"] = server.Host;
        start.Environment["PGPORT"] = server.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PGUSER"] = server.Username;
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("pgbench did not start");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException(await errors);
    }

    [GeneratedRegex(@"tps = ([0-9.]+)")]
    private static partial Regex Tps();

    private sealed class Fatal : IFatal
    {
        public void End(string reason, Exception cause) => throw new InvalidOperationException(reason, cause);
    }
}
