using System.Text.Json;
using Florist.Tests.Testing.Npm;
using Grpc.Kestrel.Tests.Testing;

namespace Grpc.Kestrel.Tests.Interop;

/// <summary>One run of all cases of a client against a server of its own, at the first test that asks.</summary>
public abstract class InteropRun : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Lazy<Task<(Dictionary<string, string?> Failures, string Said)>> run;

    private protected InteropRun()
    {
        run = new(Run);
    }

    /// <summary>Fails when the case failed or did not run; skips when the client cannot run on this machine.</summary>
    public async Task Check(string name)
    {
        (Dictionary<string, string?> failures, string said) = await run.Value;
        Assert.True(failures.TryGetValue(name, out string? failure), $"The case did not run. {said}");
        Assert.True(failure is null, failure);
    }

    /// <summary>The names of the cases that ran.</summary>
    public async Task<IEnumerable<string>> Names() => (await run.Value).Failures.Keys;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    /// <summary>The program, its arguments and the folder it runs in.</summary>
    private protected abstract Task<(string Program, string[] Arguments)> Prepare(InteropServer server);

    private protected static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Interop", name);

    private async Task<(Dictionary<string, string?> Failures, string Said)> Run()
    {
        await using InteropServer server = await InteropServer.Start();
        (string program, string[] arguments) = await Prepare(server);
        ToolRun tool = await Tool.Run(
            program, arguments, AppContext.BaseDirectory, Limit, TestContext.Current.CancellationToken);
        Dictionary<string, string?> failures = new(StringComparer.Ordinal);
        foreach (string line in tool.Output.Split('\n').Where(line => line.StartsWith('{')))
        {
            Case result = JsonSerializer.Deserialize<Case>(line, JsonSerializerOptions.Web)
                ?? throw new JsonException($"No case: {line}");
            failures[result.Name] = result.Failure;
        }

        return (failures, tool.Said);
    }

    private sealed record Case(string Name, string? Failure);
}
