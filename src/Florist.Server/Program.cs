using System.CommandLine;
using Florist.Server.Commands;

RootCommand root = new(
    "Florist: the customer-relationship backend of an online florist. Without a verb it serves.")
{
    ServeCommand.Make(),
    ImportCommand.Make(),
    TourCommand.Make(),
    TokenCommand.Make(),
    MigrateCommand.Make(),
    BackupCommand.Make(),
    RestoreCommand.Make(),
    StatusCommand.Make(),
    ParkedCommand.Make(),
    SendsCommand.Make(),
    ActionsCommand.Make(),
};

// Serving is the default, so that `dotnet run` alone shows something, with all the options of the verb.
ServeCommand.MakeDefaultOf(root);

// Longer than the host waits for what is under way (30 s): the command line's own limit of two seconds would cut a
// server off while it drains.
InvocationConfiguration untilDrained = new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(60) };
return await root.Parse(args).InvokeAsync(untilDrained);
