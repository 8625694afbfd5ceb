namespace Florist.Tests.Architecture;

/// <summary>An assertion that names every place to mend, not only the first few.</summary>
internal static class Offenders
{
    /// <summary>Fails with one line an offender.</summary>
    public static void None(IEnumerable<string> offenders)
    {
        string[] all = [.. offenders];
        Assert.True(all.Length == 0, $"{all.Length} to mend:\n{string.Join('\n', all)}");
    }
}
