using System.Diagnostics;
using System.Text;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Testing;

/// <summary>The built Florist.Server.dll, as people start it.</summary>
internal static class FloristTool
{
    /// <summary>How long a verb may take; only to end a test that would hang.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>What is to be started; it runs in the Development environment unless told otherwise.</summary>
    public static ProcessStartInfo Prepare(IEnumerable<string> arguments, string environment = "Development")
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Florist.Server.dll");
        ProcessStartInfo start = new("dotnet", [program, .. arguments])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        start.Environment["DOTNET_ENVIRONMENT"] = environment;
        return start;
    }

    /// <summary>Runs a verb to its end.</summary>
    public static Task<ToolRun> Run(params string[] arguments) => RunIn("Development", arguments);

    /// <summary>Runs a verb in another environment.</summary>
    public static async Task<ToolRun> RunIn(string environment, params string[] arguments)
    {
        using Process process = new() { StartInfo = Prepare(arguments, environment) };
        process.Start();
        return await Finish(process);
    }

    /// <summary>Reads all that a process says, until it has ended.</summary>
    public static async Task<ToolRun> Finish(Process process)
    {
        using CancellationTokenSource limit = new(Patience);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new ToolRun(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}
