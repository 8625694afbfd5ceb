using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Florist.Benchmarks.Edge;

/// <summary>What a run of load found.</summary>
/// <param name="RequestsPerSecond">Answered requests.</param>
/// <param name="P99Ms">The time that 99 of 100 requests kept.</param>
/// <param name="CpuMicroseconds">Processor time that this process, which serves, spent on a request.</param>
internal sealed record LoadResult(double RequestsPerSecond, double P99Ms, double CpuMicroseconds);

/// <summary>Puts load on a server with h2load, the tool of nghttp2 (Debian: nghttp2-client).</summary>
/// <param name="server">Scheme, host and port.</param>
/// <param name="folder">For the body to send and the log of the load.</param>
/// <param name="streamsEach">Requests at once on each of the 16 connections.</param>
internal sealed class LoadTool(Uri server, string folder, int streamsEach = 100)
{
    private const int Connections = 16;

    public static bool IsInstalled()
    {
        try
        {
            using Process? process = Process.Start(new ProcessStartInfo("h2load", "--version")
            {
                RedirectStandardOutput = true,
            });
            process?.WaitForExit();
            return process is not null;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>
    /// Sends requests as fast as they are answered, or so many a second. Each must be answered with a body of so many
    /// bytes: a refusal, which has none, would be a fast answer too.
    /// </summary>
    public async Task<LoadResult> Run(
        string path,
        byte[] body,
        int count,
        int answerLength,
        double? rate = null,
        string? authorization = null,
        bool keepsTimes = true)
    {
        string bodyFile = Path.Combine(folder, "body.bin");
        string logFile = Path.Combine(folder, "load.log");
        await File.WriteAllBytesAsync(bodyFile, body);
        File.Delete(logFile);
        List<string> arguments =
        [
            $"-n{count}", $"-c{Connections}", $"-m{streamsEach}", "-t1", "-d", bodyFile, $"--log-file={logFile}",
            "-H", "content-type: application/grpc", "-H", "te: trailers",
        ];
        if (authorization is not null)
        {
            arguments.AddRange(["-H", $"authorization: {authorization}"]);
        }

        if (rate is double perSecond)
        {
            arguments.Add($"--rps={Math.Max(1, (int)(perSecond / Connections))}");
        }

        arguments.Add(new Uri(server, path).ToString());
        TimeSpan before = Environment.CpuUsage.TotalTime;
        ProcessStartInfo start = new("h2load", arguments) { RedirectStandardOutput = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("h2load did not start");
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        double cpu = (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / count;
        string finished = output.Split('\n').First(line => line.StartsWith("finished in", StringComparison.Ordinal));
        string answers = string.Create(CultureInfo.InvariantCulture, $"({(long)count * answerLength}) data");
        if (!output.Contains($"{count} succeeded", StringComparison.Ordinal)
            || !output.Contains(answers, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"not every request succeeded:\n{output}");
        }

        return new LoadResult(
            double.Parse(finished.Split(", ")[1].Split(' ')[0], CultureInfo.InvariantCulture),
            keepsTimes ? P99(logFile) : double.NaN,
            cpu);
    }

    // A line a request: when it began, its HTTP status, and how many microseconds it took.
    private static double P99(string logFile)
    {
        double[] times = [.. File.ReadLines(logFile)
            .Select(line => double.Parse(line.Split('\t')[2], CultureInfo.InvariantCulture) / 1000).Order()];
        return times[(int)(times.Length * 0.99)];
    }
}
