using System.CommandLine;
using Florist.Server.Tour;
using Grpc.Core;

namespace Florist.Server.Commands;

/// <summary><c>tour</c>: plays a florist's day against a server and prints what happens.</summary>
internal static class TourCommand
{
    /// <summary>The verb.</summary>
    public static Command Make()
    {
        Option<string?> address = new("--address")
        {
            Description = "A running server of the Development environment. Default: a server of its own, on a "
                + "temporary folder.",
        };
        Command command = new(
            "tour",
            """
            Plays a florist's day over gRPC and prints a timeline: a customer, an order and its promise, a courier's
            stream to the door, the messages that go out, and, with the clock turned, the reminder before the next
            birthday. Exit code 0 when all of it happened as it should.
            """)
        {
            address,
        };
        command.SetAction((parsed, cancellationToken) => Run(parsed.GetValue(address), cancellationToken));
        return command;
    }

    private static async Task<int> Run(string? address, CancellationToken cancellationToken)
    {
        try
        {
            if (address is not null)
            {
                return await Play(address, cancellationToken);
            }

            await using TourServer server = await TourServer.Start(cancellationToken);
            Console.WriteLine($"A server of its own, on {server.Folder}");
            return await Play(server.Address, cancellationToken);
        }
        catch (TourException wrong)
        {
            await Console.Error.WriteLineAsync($"The tour cannot begin: {wrong.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Broken off.");
            return 1;
        }
    }

    private static async Task<int> Play(string address, CancellationToken cancellationToken)
    {
        Timeline timeline = new(Console.Out);
        try
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri))
            {
                throw new TourException($"'{address}' is not an address such as http://127.0.0.1:5080");
            }

            using TourClients clients = new(uri);
            await new DayAtTheShop(clients, timeline).Play(cancellationToken);
            return 0;
        }
        catch (TourException wrong)
        {
            await Console.Error.WriteLineAsync($"The tour ended early, at \"{timeline.Chapter}\": {wrong.Message}");
        }
        catch (RpcException wrong)
        {
            await Console.Error.WriteLineAsync(
                $"The tour ended early, at \"{timeline.Chapter}\": {wrong.StatusCode}: {wrong.Status.Detail}");
        }

        return 1;
    }
}
