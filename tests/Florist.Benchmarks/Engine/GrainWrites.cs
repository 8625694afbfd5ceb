using System.Globalization;
using Florist.Adapters.Sql;

namespace Florist.Benchmarks.Engine;

/// <summary>
/// Many callers that write states of a kilobyte of many grains, each grain by one caller at a time, as grains do.
/// </summary>
internal sealed class GrainWrites(IStateStore store)
{
    /// <summary>Callers at once, each waiting for its last write.</summary>
    public const int Callers = 256;

    /// <summary>Grains in all.</summary>
    public const int Grains = 10_000;

    // A prime that shares no factor with the number of grains scatters successive writes over all of them.
    private const int Step = 7919;
    private const int BodyBytes = 1024;

    private static readonly string[] Keys =
        [.. Enumerable.Range(0, Grains).Select(i => string.Create(CultureInfo.InvariantCulture, $"bench/{i:00000}"))];

    private readonly byte[] body = Body();
    private readonly long[] versions = new long[Grains];
    private readonly int[] turns = new int[Callers];

    /// <summary>A kilobyte of JSON.</summary>
    public static byte[] Body()
    {
        byte[] body = new byte[BodyBytes];
        body.AsSpan().Fill((byte)'x');
        body[0] = body[^1] = (byte)'"';
        return body;
    }

    /// <summary>The key of a grain.</summary>
    public static string Key(int grain) => Keys[grain];

    /// <summary>Which grain comes at this place in an order that visits all, scattered.</summary>
    public static int Scattered(long place) => (int)(place * Step % Grains);

    /// <summary>Writes every grain once, so that all rows are there.</summary>
    public Task WriteAll() => Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
    {
        for (int grain = caller; grain < Grains; grain += Callers)
        {
            await WriteGrain(grain);
        }
    }));

    /// <summary>One durable write by a caller, of the next of its own grains.</summary>
    public Task Write(int caller)
    {
        int own = Grains / Callers;
        int turn = turns[caller]++;
        return WriteGrain((caller * own) + (turn * Step % own));
    }

    /// <summary>Makes sure that every write that was acknowledged is there.</summary>
    public async Task Prove()
    {
        for (int grain = 0; grain < Grains; grain += 10)
        {
            StoredState? stored = await store.Read(Keys[grain], "state", CancellationToken.None);
            if (stored?.Version != versions[grain] || stored.Body?.Length != BodyBytes)
            {
                throw new InvalidOperationException($"{Keys[grain]} is not as it was written");
            }
        }
    }

    private async Task WriteGrain(int grain) => versions[grain] = await store.Commit(new StateWrite
    {
        GrainKey = Keys[grain],
        StateName = "state",
        Expected = versions[grain] == 0 ? null : versions[grain],
        Body = body,
        Now = DateTimeOffset.UnixEpoch,
    });
}
