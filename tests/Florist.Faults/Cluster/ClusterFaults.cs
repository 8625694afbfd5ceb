using System.Collections.Immutable;
using System.Diagnostics;
using Florist.Faults.Processes;
using Florist.Kernel;

namespace Florist.Faults.Cluster;

/// <summary>
/// What happens to a cluster of two silos and a gateway while clients never stop asking: a silo is killed, stands still
/// long enough to be given up and goes on, joins, leaves; all are replaced one by one; the gateway is killed. Or silos
/// die exactly where they hold the claim of a message.
/// </summary>
internal sealed class ClusterFaults(ClusterShop shop, int seed)
{
    private const int SilosUsual = 2;

    /// <summary>Places where a silo dies with a message claimed, before and after its effect.</summary>
    private static readonly ImmutableArray<string> Claimed =
    [
        CrashPoint.OutboxClaimed, CrashPoint.SendIntent, CrashPoint.SendAnswered, CrashPoint.PaymentAnswered,
        CrashPoint.OutboxHandled,
    ];

    private static readonly TimeSpan AfterMax = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BlinkMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GivenUpWithin = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan PassedWithin = TimeSpan.FromSeconds(60);

    private readonly Random random = new(seed);
    private readonly List<string> violations = [];

    /// <summary>Silos killed.</summary>
    public int Kills { get; private set; }

    /// <summary>Silos that died at a crash point.</summary>
    public int Deaths { get; private set; }

    /// <summary>Silos that stood still, and how many of them had been given up by the others.</summary>
    public int Pauses { get; private set; }

    /// <inheritdoc cref="Pauses"/>
    public int GivenUp { get; private set; }

    /// <summary>How long it took the others to give the last one up.</summary>
    public TimeSpan GivenUpAfter { get; private set; }

    /// <summary>Silos that were replaced without a fault.</summary>
    public int Replaced { get; private set; }

    /// <summary>Gateways killed.</summary>
    public int GatewayKills { get; private set; }

    /// <summary>What did not hold; empty when all did.</summary>
    public ImmutableArray<string> Violations => [.. violations];

    /// <summary>Kills so often, with other troubles in between, and lets the cluster finish everything.</summary>
    public Task Run(int killsMax, int clients, CancellationToken stop) => UnderLoad(clients, async () =>
    {
        while (Kills < killsMax && !stop.IsCancellationRequested)
        {
            await Task.Delay(AfterMax * random.NextDouble(), CancellationToken.None);
            await Kill(shop.Silos[random.Next(shop.Silos.Count)]);
            Task more = (Kills % 4) switch
            {
                1 => Faint(),
                2 => Roll(),
                3 => Blink(),
                _ => KillGateway(),
            };
            await more;
        }
    });

    /// <summary>Silos die with claims in their hands; the others must take them over, once each lease has ended.</summary>
    public Task DieWithClaims(int clients, int passes) => UnderLoad(clients, async () =>
    {
        for (int pass = 1; pass <= passes; pass++)
        {
            foreach (string point in Claimed)
            {
                ServerProcess armed = await shop.AddSilo($"{point}#{pass}");
                if (await Passed(armed))
                {
                    Deaths++;
                }
                else
                {
                    violations.Add($"seed {seed}: {point}#{pass} was not passed within {PassedWithin}");
                    await armed.Kill();
                }

                await shop.Bury(armed);
            }
        }
    });

    private async Task UnderLoad(int clients, Func<Task> trouble)
    {
        for (int i = 0; i < SilosUsual; i++)
        {
            await shop.AddSilo();
        }

        await shop.StartGateway();
        using CancellationTokenSource enough = new();
        Task lives = shop.Shoppers.Play(clients, enough.Token);
        await trouble();
        await enough.CancelAsync();
        try
        {
            await lives.WaitAsync(AnsweredWithin, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            violations.Add($"seed {seed}: clients are without an answer {AnsweredWithin} after the last fault");
        }

        if (!await shop.Quiet())
        {
            violations.Add($"seed {seed}: the outbox is not empty long after the last fault");
        }

        await End();
        violations.AddRange(shop.Wrong().Select(violation => $"seed {seed}: {violation}"));
    }

    private async Task Kill(ServerProcess silo)
    {
        Expect(silo.HasEnded is false, silo, "had ended before it was killed");
        await silo.Kill();
        await shop.Bury(silo);
        Kills++;
        await shop.AddSilo();
    }

    private async Task Blink()
    {
        ServerProcess silo = shop.Silos[0];
        await silo.Pause();
        Pauses++;
        await Task.Delay(BlinkMax * random.NextDouble(), CancellationToken.None);
        await silo.Continue();
    }

    // One that comes back after the others have given it up finds that out, and must do no harm before it ends.
    private async Task Faint()
    {
        ServerProcess silo = shop.Silos[0];
        await silo.Pause();
        Pauses++;
        long begun = Stopwatch.GetTimestamp();
        while (!await shop.IsGivenUp(silo) && Stopwatch.GetElapsedTime(begun) < GivenUpWithin)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), CancellationToken.None);
        }

        GivenUpAfter = Stopwatch.GetElapsedTime(begun);
        await silo.Continue();
        if (await Passed(silo))
        {
            GivenUp++;
            await shop.Bury(silo);
            await shop.AddSilo();
        }
        else
        {
            violations.Add($"seed {seed}: silo {silo.Id} was given up, and goes on");
        }
    }

    private async Task Roll()
    {
        await shop.AddSilo();
        for (int i = 0; i < SilosUsual; i++)
        {
            ServerProcess oldest = shop.Silos[0];
            await oldest.Stop();
            Expect(oldest.ExitCode == 0, oldest, $"was told to stop and ended with {oldest.ExitCode}");
            await shop.Bury(oldest);
            Replaced++;
            if (shop.Silos.Count < SilosUsual)
            {
                await shop.AddSilo();
            }
        }
    }

    private async Task KillGateway()
    {
        if (shop.Gateway is { } gateway)
        {
            await gateway.Kill();
            await shop.Bury(gateway);
            GatewayKills++;
        }

        await shop.StartGateway();
    }

    private async Task End()
    {
        if (shop.Gateway is { } gateway)
        {
            await gateway.Stop();
            Expect(gateway.ExitCode == 0, gateway, $"is a gateway and ended with {gateway.ExitCode}");
        }

        foreach (ServerProcess silo in shop.Silos)
        {
            await silo.Stop();
            Expect(silo.ExitCode == 0, silo, $"was told to stop and ended with {silo.ExitCode}");
        }
    }

    private static async Task<bool> Passed(ServerProcess armed)
    {
        try
        {
            await armed.Ended().WaitAsync(PassedWithin);
            return true;
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private void Expect(bool holds, ServerProcess process, string violation)
    {
        if (!holds)
        {
            violations.Add($"seed {seed}: process {process.Id} {violation}");
        }
    }
}
