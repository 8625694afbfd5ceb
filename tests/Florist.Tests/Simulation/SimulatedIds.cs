using System.Security.Cryptography;
using System.Text;
using Florist.Kernel;

namespace Florist.Tests.Simulation;

/// <summary>Identifiers that a seed repeats.</summary>
internal sealed class SimulatedIds(int seed) : IIds
{
    private long made;

    public string Next() => Hashed($"next {made++}");

    public string Derived(string principal, string method, string requestId) =>
        Hashed($"{principal}\u001F{method}\u001F{requestId}");

    private string Hashed(string text) =>
        Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {text}")), 20);
}
