using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Florist.Faults.Processes;

/// <summary>A system call that strace saw.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">The file that it was about.</param>
/// <param name="Began">When it began.</param>
/// <param name="Ended">When it returned.</param>
/// <param name="Failed">True when it returned an error.</param>
internal sealed record SystemCall(string Name, string Path, DateTimeOffset Began, DateTimeOffset Ended, bool Failed);

/// <summary>Starts servers under strace, which notes their system calls and can make them fail.</summary>
internal static partial class Strace
{
    /// <summary>Skips the test where strace is absent or may not trace.</summary>
    public static void Need()
    {
        try
        {
            using Process probe = Process.Start(new ProcessStartInfo("strace", ["-f", "-o", "/dev/null", "true"])
            {
                RedirectStandardError = true,
            }) ?? throw new Win32Exception();
            probe.WaitForExit();
            Assert.SkipWhen(probe.ExitCode != 0, "strace may not trace other processes here");
        }
        catch (Win32Exception)
        {
            Assert.Skip("strace is not installed");
        }
    }

    /// <summary>The command before the server's that notes calls.</summary>
    /// <param name="log">Where.</param>
    /// <param name="calls">Which, as <c>fsync,fdatasync</c>.</param>
    /// <param name="paths">About which files; empty for all.</param>
    /// <param name="inject">What to do with them, as <c>fsync:error=EIO:when=3+</c>; null for nothing.</param>
    public static ImmutableArray<string> Command(
        string log, string calls, ImmutableArray<string> paths, string? inject = null) =>
    [
        "strace", "-f", "--seccomp-bpf", "-qq", "-y", "-ttt", "-T", "-s", "0", "-e", "signal=none", "-o", log,
        "-e", $"trace={calls}", .. paths.SelectMany(path => new[] { "-P", path }),
        .. inject is null ? ImmutableArray<string>.Empty : ["-e", $"inject={inject}"],
    ];

    /// <summary>The calls of a log that have returned, in the order in which they did.</summary>
    public static ImmutableArray<SystemCall> Read(string log)
    {
        Dictionary<string, (string Name, string Path, DateTimeOffset Began)> begun = [];
        ImmutableArray<SystemCall>.Builder calls = ImmutableArray.CreateBuilder<SystemCall>();
        foreach (string line in File.ReadLines(log))
        {
            Match call = Call().Match(line);
            Match resumed = Resumed().Match(line);
            if (resumed.Success && begun.Remove(resumed.Groups["thread"].Value, out var open))
            {
                calls.Add(new SystemCall(open.Name, open.Path, open.Began, At(resumed), Failed(resumed)));
            }
            else if (call.Success && call.Groups["result"].Success)
            {
                DateTimeOffset began = At(call);
                TimeSpan took = TimeSpan.FromSeconds(
                    double.Parse(call.Groups["took"].Value, NumberStyles.Float, CultureInfo.InvariantCulture));
                calls.Add(new SystemCall(
                    call.Groups["name"].Value, call.Groups["path"].Value, began, began + took, Failed(call)));
            }
            else if (call.Success)
            {
                begun[call.Groups["thread"].Value] = (call.Groups["name"].Value, call.Groups["path"].Value, At(call));
            }
        }

        return [.. calls.OrderBy(call => call.Ended)];
    }

    private static bool Failed(Match match) => match.Groups["result"].Value.StartsWith('-');

    private static DateTimeOffset At(Match match)
    {
        decimal seconds = decimal.Parse(match.Groups["at"].Value, CultureInfo.InvariantCulture);
        return DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
    }

    [GeneratedRegex(
        @"^(?<thread>\d+) +(?<at>[\d.]+) (?<name>\w+)\(\d+<(?<path>[^>]*)>.*?(?:\) += (?<result>-?\d+)[^<]*<(?<took>[\d.]+)>|<unfinished \.\.\.>)$")]
    private static partial Regex Call();

    [GeneratedRegex(@"^(?<thread>\d+) +(?<at>[\d.]+) <\.\.\. (?<name>\w+) resumed>.*\) += (?<result>-?\d+).*$")]
    private static partial Regex Resumed();
}
