using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Florist.Tests.Testing.Npm;

/// <summary>What a finished program said.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Errors)
{
    /// <summary>Everything said, for the message of a failed assertion.</summary>
    public string Said => $"exit code {ExitCode}\n{Output}\n{Errors}";
}

/// <summary>Runs programs to their end.</summary>
internal static class Tool
{
    /// <summary>Whether a program of that name stands on the PATH and starts.</summary>
    public static async Task<bool> Exists(string program, CancellationToken cancellation)
    {
        try
        {
            string folder = AppContext.BaseDirectory;
            ToolRun run = await Run(program, ["--version"], folder, TimeSpan.FromMinutes(1), cancellation);
            return run.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Runs a program to its end; kills it, and throws, when it takes longer than the limit.</summary>
    public static async Task<ToolRun> Run(
        string program, IEnumerable<string> arguments, string folder, TimeSpan limit, CancellationToken cancellation)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        using Process process = new() { StartInfo = start };
        process.Start();
        process.StandardInput.Close();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(limit);
        try
        {
            // Both pipes are read at once: a program blocks when either of them is full.
            Task<string> output = process.StandardOutput.ReadToEndAsync(stop.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(stop.Token);
            await process.WaitForExitAsync(stop.Token);
            return new(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
