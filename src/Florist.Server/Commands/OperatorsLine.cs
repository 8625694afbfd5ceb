using System.CommandLine;
using Florist.Protos.Operations.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;

namespace Florist.Server.Commands;

/// <summary>
/// What the operators' verbs have in common: where the server is, who asks, and in what form it answers.
/// </summary>
internal sealed class OperatorsLine
{
    /// <summary>Exit code when the server refuses or cannot be reached, or the arguments are wrong.</summary>
    public const int Refused = 1;

    /// <summary>Exit code when it was done and something is left that an operator has to look at.</summary>
    public const int Attention = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Option<string> address = new("--address")
    {
        Description = "The running server, as http://127.0.0.1:5080.",
        DefaultValueFactory = _ => "http://127.0.0.1:5080",
    };

    private readonly Option<string?> token = new("--token")
    {
        Description = "A staff token for the server. Default: one signed with Auth:SigningKey of the environment, or "
            + "else with the development key.",
    };

    private readonly Option<bool> json = new("--json")
    {
        Description = "Prints the server's answer as JSON, as the HTTP API gives it.",
    };

    private OperatorsLine()
    {
    }

    /// <summary>A verb that asks the server.</summary>
    /// <param name="name">The verb.</param>
    /// <param name="description">What it does, with its exit codes.</param>
    /// <param name="options">Its own options.</param>
    /// <param name="run">Asks, prints, and gives the exit code.</param>
    public static Command Verb(
        string name,
        string description,
        IEnumerable<System.CommandLine.Option> options,
        Func<ParseResult, OperatorsDesk, Task<int>> run)
    {
        OperatorsLine line = new();
        Command command = new(name, description);
        foreach (System.CommandLine.Option option in options)
        {
            command.Add(option);
        }

        command.Add(line.address);
        command.Add(line.token);
        command.Add(line.json);
        command.SetAction((parsed, cancellationToken) => line.Run(parsed, run, cancellationToken));
        return command;
    }

    private async Task<int> Run(
        ParseResult parsed, Func<ParseResult, OperatorsDesk, Task<int>> run, CancellationToken cancellationToken)
    {
        try
        {
            using GrpcChannel channel = GrpcChannel.ForAddress(new Uri(parsed.GetRequiredValue(address)));
            string bearer = parsed.GetValue(token) ?? TokenCommand.StaffToken();
            CallOptions call = new(
                new Metadata { { "authorization", $"Bearer {bearer}" } },
                TimeProvider.System.GetUtcNow().UtcDateTime + Patience,
                cancellationToken);
            OperationsService.OperationsServiceClient client = new(channel);
            return await run(parsed, new OperatorsDesk(client, call, parsed.GetValue(json)));
        }
        catch (RpcException failed)
        {
            await Console.Error.WriteLineAsync($"The server refuses: {failed.StatusCode}: {failed.Status.Detail}");
            return Refused;
        }
        catch (UriFormatException wrong)
        {
            await Console.Error.WriteLineAsync($"--address: {wrong.Message}");
            return Refused;
        }
    }
}

/// <summary>A connection to a server's operations, and how its answers are printed.</summary>
/// <param name="Client">The client.</param>
/// <param name="Call">Credentials and deadline.</param>
/// <param name="IsJson">True to print answers as JSON.</param>
internal sealed record OperatorsDesk(OperationsService.OperationsServiceClient Client, CallOptions Call, bool IsJson)
{
    /// <summary>Prints an answer, as JSON or as the lines that it comes to.</summary>
    public void Print(IMessage answer, Func<IEnumerable<string>> lines)
    {
        if (IsJson)
        {
            Console.WriteLine(JsonFormatter.Default.Format(answer));
            return;
        }

        foreach (string line in lines())
        {
            Console.WriteLine(line);
        }
    }

    /// <summary>A table with columns as wide as they need to be.</summary>
    public static IEnumerable<string> Table(string[] head, IEnumerable<string[]> rows)
    {
        List<string[]> all = [head, .. rows];
        int[] widths = [.. Enumerable.Range(0, head.Length).Select(i => all.Max(row => row[i].Length))];
        return all.Select(row => string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
    }

    /// <summary>An instant as people read it; a dash for none.</summary>
    public static string Instant(Timestamp? time) =>
        time?.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture)
        ?? "-";

    /// <summary>A name of an enum value as the contract writes it; a dash for the one that says nothing.</summary>
    public static string Word<TEnum>(TEnum value)
        where TEnum : struct, System.Enum
    {
        string name = value.ToString();
        return Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture) == 0
            ? "-"
            : string.Concat(name.Select((c, i) => char.IsAsciiLetterUpper(c) && i > 0 ? $"_{c}" : $"{c}"))
                .ToUpperInvariant();
    }
}
