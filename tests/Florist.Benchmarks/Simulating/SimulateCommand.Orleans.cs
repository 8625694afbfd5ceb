namespace Florist.Benchmarks.Simulating;

/// <summary><c>simulate</c> in a build on the published packages, whose host no single thread can run.</summary>
internal static class SimulateCommand
{
    public static async Task<int> Run(string[] args)
    {
        await Console.Error.WriteLineAsync($"simulate {string.Join(' ', args)}: needs the grain host of this project");
        return 2;
    }
}
