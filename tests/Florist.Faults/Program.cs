using System.Globalization;
using Florist.Faults;
using Florist.Faults.Providers;
using Xunit.Runner.InProc.SystemConsole;

// Without a verb of its own this is a test project. The long forms:
//   dotnet run -c Release --project tests/Florist.Faults -- sweep [SECONDS]
//   dotnet run -c Release --project tests/Florist.Faults -- kill [KILLS] [CLIENTS] [SECONDS]
//   dotnet run -c Release --project tests/Florist.Faults -- torn [ROUNDS] [BYTES]
//   dotnet run -c Release -p:UpstreamPackages=true --project tests/Florist.Faults -- cluster [KILLS] [CLIENTS] [SECONDS]
//   dotnet run -c Release -p:UpstreamPackages=true --project tests/Florist.Faults -- claims [CLIENTS] [PASSES]
// "postgres" at the end of the first two runs them on a PostgreSQL server of their own.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
bool onPostgres = args is [.., "postgres"];
return args switch
{
    [ProviderVerb.Name, var ledger, var clock] => await ProviderVerb.Run(ledger, clock),
    ["sweep", ..] => await LongRuns.Sweep(Number(1, 3600), onPostgres),
    ["kill", ..] => await LongRuns.Kill(Number(1, 500), Number(2, 64), Number(3, 3600), onPostgres),
    ["torn", ..] => await LongRuns.Torn(Number(1, 60), Number(2, 1000)),
    ["cluster", ..] => await LongRuns.Cluster(Number(1, 20), Number(2, 32), Number(3, 1200)),
    ["claims", ..] => await LongRuns.Claims(Number(1, 8), Number(2, 3)),
    _ => await ConsoleRunner.Run(args),
};

int Number(int at, int otherwise) =>
    args.Length > at && int.TryParse(args[at], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        ? number
        : otherwise;
