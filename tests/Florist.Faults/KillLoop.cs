using System.Collections.Immutable;
using Florist.Faults.Processes;

namespace Florist.Faults;

/// <summary>Kills one server after another at a random moment, with clients that never stop asking.</summary>
/// <param name="shop">What is killed.</param>
/// <param name="seed">Of the moments.</param>
/// <param name="say">Told how far it is, now and then.</param>
internal sealed class KillLoop(FaultShop shop, int seed, Action<string>? say = null)
{
    private const int KillsBetweenWords = 50;

    private const int Killed = 128 + 9;

    // A check reads everything; when there is much, not after every kill.
    private const int StatesAlwaysChecked = 2000;

    private readonly Random random = new(seed);
    private readonly List<string> violations = [];

    /// <summary>How often the server was killed.</summary>
    public int Kills { get; private set; }

    /// <summary>The longest time from a start to serving.</summary>
    public TimeSpan SlowestStart { get; private set; }

    /// <summary>What did not hold; empty when all did.</summary>
    public ImmutableArray<string> Violations => [.. violations];

    /// <summary>Kills so often, then lets a last server finish everything.</summary>
    /// <param name="killsMax">At most so many kills.</param>
    /// <param name="clients">Clients at once.</param>
    /// <param name="afterMax">A server lives at most so long.</param>
    /// <param name="stop">Ends the killing early.</param>
    public async Task Run(int killsMax, int clients, TimeSpan afterMax, CancellationToken stop)
    {
        using CancellationTokenSource enough = new();
        Task lives = shop.Shoppers.Play(clients, enough.Token);
        while (Kills < killsMax && !stop.IsCancellationRequested && violations.Count == 0)
        {
            await using ServerProcess server = await shop.Start();
            SlowestStart = server.StartedIn > SlowestStart ? server.StartedIn : SlowestStart;
            await Task.Delay(afterMax * random.NextDouble(), CancellationToken.None);
            await server.Kill();
            Kills++;
            if (server.ExitCode != Killed)
            {
                violations.Add($"seed {seed}, kill {Kills}: it had ended with {server.ExitCode} before\n{server.Said}");
            }

            if (Kills % KillsBetweenWords == 0)
            {
                say?.Invoke($"{Kills} kills, {shop.Ledger.Count} operations, {violations.Count} violations");
            }

            if (shop.Ledger.Count < StatesAlwaysChecked || Kills % 10 == 0)
            {
                violations.AddRange(shop.Unsafe().Select(violation => $"seed {seed}, kill {Kills}: {violation}"));
            }
        }

        await using ServerProcess last = await shop.Start();
        await enough.CancelAsync();
        await lives;
        say?.Invoke("the last server finishes what is left");
        await shop.Quiet(last);
        await last.Stop();
        violations.AddRange(shop.Wrong());
    }
}
