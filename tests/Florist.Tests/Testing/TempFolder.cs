namespace Florist.Tests.Testing;

/// <summary>A folder of its own for one test, deleted afterwards.</summary>
public sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("florist-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
