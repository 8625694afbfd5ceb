using System.Collections.Immutable;
using Florist.Faults.Processes;
using Florist.Kernel;

namespace Florist.Faults;

/// <summary>
/// Lets one server after another die at a crash point, all on one data folder, with clients that ask until they are
/// answered. After each death the checks of safety must hold, at the end those of liveness too.
/// </summary>
internal sealed class CrashPointSweep(FaultShop shop)
{
    private const int Killed = 128 + 9;
    private const int LivesEach = 2;

    // Beyond the morning on which the reminders of the lives so far fall due.
    private static readonly TimeSpan ToTheReminders = TimeSpan.FromDays(4);

    private readonly List<Task> lives = [];
    private readonly List<string> violations = [];

    /// <summary>Where servers died, and how often.</summary>
    public Dictionary<string, int> Deaths { get; } = CrashPoint.All.ToDictionary(point => point, _ => 0);

    /// <summary>What did not hold; empty when all did.</summary>
    public ImmutableArray<string> Violations => [.. violations];

    /// <summary>One server, armed.</summary>
    /// <returns>True when it died at the point; false when it came to its end without passing it so often.</returns>
    public async Task<bool> Die(string point, int pass)
    {
        await using (ServerProcess server = await shop.Start($"{point}#{pass}"))
        {
            if (await server.Announced)
            {
                await Work(server, withReminders: point is CrashPoint.WakeClaimed or CrashPoint.WakeHandled);
            }

            await server.Ended();
            if (server.ExitCode is not (0 or Killed))
            {
                violations.Add($"at {point}#{pass} the server ended with {server.ExitCode}: {server.Said}");
            }

            violations.AddRange(shop.Unsafe().Select(violation => $"after {point}#{pass}: {violation}"));
            Deaths[point] += server.ExitCode == Killed ? 1 : 0;
            return server.ExitCode == Killed;
        }
    }

    /// <summary>A last server, unarmed, that finishes everything.</summary>
    public async Task Finish()
    {
        await using ServerProcess server = await shop.Start();
        await Task.WhenAll(lives);
        await shop.Quiet(server);
        await server.Stop();
        violations.AddRange(shop.Wrong());
    }

    private async Task Work(ServerProcess server, bool withReminders)
    {
        lives.RemoveAll(life => life.IsCompletedSuccessfully);
        lives.Add(shop.Shoppers.PlayOnce(LivesEach));
        if (await EndsDuring(server, Task.WhenAll(lives)) || await EndsDuring(server, shop.Quiet(server)))
        {
            return;
        }

        if (withReminders
            && (await EndsDuring(server, shop.Shoppers.Advance(ToTheReminders)) || await EndsDuring(server, shop.Quiet(server))))
        {
            return;
        }

        await server.Stop();
    }

    private static async Task<bool> EndsDuring(ServerProcess server, Task work)
    {
        await Task.WhenAny(work, server.Ended());
        return server.HasEnded;
    }
}
