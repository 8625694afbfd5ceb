using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Florist.Server.Commands;
using Florist.Server.Tests.Testing;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Peers;

/// <summary>A partner courier on Python, which makes its messages from descriptors; it has no generated code.</summary>
internal sealed class PartnerCourier : IAsyncDisposable
{
    private const string Name = "velo";
    private const string Needs = "import grpc, google.protobuf";

    private readonly LinePeer _peer;
    private readonly LinePeer.PeerCall _stream;

    private PartnerCourier(LinePeer peer, LinePeer.PeerCall stream)
    {
        _peer = peer;
        _stream = stream;
    }

    /// <summary>The courier's resource name.</summary>
    public static string ResourceName => $"couriers/{Name}";

    /// <summary>The last number that the server has committed.</summary>
    public long Committed { get; private set; }

    /// <summary>
    /// The interpreter that has grpcio; skips the test where there is none. The system's comes first: it has the
    /// packages of the distribution, whatever stands first on the PATH.
    /// </summary>
    public static async Task<string> Python()
    {
        foreach (string python in (string[])["/usr/bin/python3", "python3"])
        {
            try
            {
                ToolRun run = await Tool.Run(
                    python, ["-c", Needs], AppContext.BaseDirectory, FloristTool.Patience, default);
                if (run.ExitCode == 0)
                {
                    return python;
                }
            }
            catch (Win32Exception)
            {
                // There is no such program; the next may be there.
            }
        }

        Assert.Skip("no python3 has grpcio and protobuf (Debian: python3-grpcio, python3-protobuf)");
        return "";
    }

    /// <summary>Starts it, says Hello and hears Welcome.</summary>
    /// <param name="python">From <see cref="Python"/>.</param>
    /// <param name="server">Where the server serves.</param>
    /// <param name="nextSequence">The number that it would send next.</param>
    /// <param name="tls">
    /// Files of the authority to believe, and of the courier's certificate and key, which stand for its token; null for
    /// a token and no TLS.
    /// </param>
    public static async Task<PartnerCourier> Connect(
        string python, Uri server, long nextSequence, string[]? tls = null)
    {
        string script = Path.Combine(
            NpmFolder.RepositoryRoot, "tests", "Florist.Server.Tests", "Peers", "courier.py");
        string contract = Path.Combine(AppContext.BaseDirectory, "contract.protoset");
        LinePeer peer = new(python, [script, server.Authority, contract, .. tls ?? []], AppContext.BaseDirectory);
        LinePeer.PeerCall stream = await peer.Begin(
            new() { ["open"] = tls is null ? TokenCommand.TokenOf($"courier:{Name}") : "" });
        await stream.Tell(new()
        {
            ["send"] = new
            {
                hello = new { courier = ResourceName, producer_id = "depot-1", next_sequence = nextSequence },
            },
        });
        JsonElement welcome = (await stream.Heard()).GetProperty("welcome");
        return new PartnerCourier(peer, stream) { Committed = Number(welcome, "committed_sequence") };
    }

    /// <summary>Reports a state and waits until the report is committed.</summary>
    /// <returns>What the server says of it: its disposition, APPLIED when it says nothing; and of the first.</returns>
    public async Task<(string Disposition, string? First)> Report(
        long sequence, string delivery, string eventId, DateTimeOffset occurredAt, object state)
    {
        await _stream.Tell(new()
        {
            ["send"] = new
            {
                update = new
                {
                    sequence,
                    @event = new
                    {
                        event_id = eventId,
                        delivery,
                        leg = 1,
                        attempt = 1,
                        occur_time = occurredAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
                        state_report = state,
                    },
                },
            },
        });
        return await Acknowledged(sequence);
    }

    /// <summary>Ends its stream well; answers the status.</summary>
    public async Task<string> Close()
    {
        await _stream.Tell(new() { ["close"] = true });
        return await _stream.Ended();
    }

    /// <summary>Ends as when the machine it runs on loses power.</summary>
    public Task Kill() => _peer.Kill();

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

    private async Task<(string Disposition, string? First)> Acknowledged(long sequence)
    {
        (string, string?) result = ("APPLIED", null);
        while (true)
        {
            if (!(await _stream.Heard()).TryGetProperty("ack", out JsonElement ack))
            {
                continue;
            }

            if (ack.TryGetProperty("results", out JsonElement results))
            {
                foreach (JsonElement one in results.EnumerateArray().Where(one => Number(one, "sequence") == sequence))
                {
                    result = (Text(one, "disposition") ?? "", Text(one, "first_disposition"));
                }
            }

            Committed = Number(ack, "committed_sequence");
            if (Committed >= sequence)
            {
                return result;
            }
        }
    }

    // JSON of protobuf writes 64-bit numbers as texts and leaves zeros out.
    private static long Number(JsonElement message, string field) =>
        long.Parse(Text(message, field) ?? "0", CultureInfo.InvariantCulture);

    private static string? Text(JsonElement message, string field) =>
        message.TryGetProperty(field, out JsonElement value) ? value.GetString() : null;
}
