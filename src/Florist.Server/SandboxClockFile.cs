using System.Globalization;
using Florist.Sandbox;

namespace Florist.Server;

/// <summary>
/// Keeps how far the sandbox's clock is ahead, so that a restart does not turn the product's time back.
/// </summary>
internal static class SandboxClockFile
{
    private const string FileName = "sandbox-clock";

    /// <summary>The clock of a data folder, as far ahead as it was left.</summary>
    public static SandboxClock Open(string folder)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, FileName);
        TimeSpan offset = File.Exists(path)
            && long.TryParse(File.ReadAllText(path), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
                ? TimeSpan.FromSeconds(seconds)
                : TimeSpan.Zero;
        return new SandboxClock(offset, ahead => Save(path, ahead));
    }

    // Rounded up: a restart may find the clock a little further ahead, never behind.
    private static void Save(string path, TimeSpan ahead)
    {
        string next = path + ".next";
        File.WriteAllText(next, ((long)Math.Ceiling(ahead.TotalSeconds)).ToString(CultureInfo.InvariantCulture));
        File.Move(next, path, overwrite: true);
    }
}
