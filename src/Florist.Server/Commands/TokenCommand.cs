using System.CommandLine;
using Florist.Kernel;
using Florist.Server.Auth;
using Microsoft.Extensions.Options;

namespace Florist.Server.Commands;

/// <summary><c>token</c>: prints a bearer token and nothing else.</summary>
internal static class TokenCommand
{
    /// <summary>The verb.</summary>
    public static Command Make()
    {
        Option<string> principal = new("--as")
        {
            Description = "Whose token: staff, staff:ROLE,ROLE, staff:LOGIN:ROLE,ROLE, customer:ID, courier:ID or "
                + $"service:NAME. Roles are {string.Join(", ", Principals.RoleNames)}; without any, staff have all of "
                + "them where the development key signs.",
            Required = true,
        };
        Option<double> hours = new("--hours")
        {
            Description = "How long it is valid, in hours (more than 0, at most 720).",
            DefaultValueFactory = _ => 12,
        };
        Command command = new(
            "token",
            "Prints a bearer token, signed with Auth:SigningKey or, where none is set, with the development key.")
        {
            principal,
            hours,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(parsed => Run(
            parsed.GetValue(principal) ?? "", parsed.GetValue(hours), parsed.UnmatchedTokens));
        return command;
    }

    private static int Run(string principal, double hours, IReadOnlyList<string> settings)
    {
        if (Settings.Unknown(settings) is { } unknown)
        {
            Console.Error.WriteLine($"Unrecognised argument '{unknown}'. See --help.");
            return 1;
        }

        if (!Principals.TryParseWithRoles(principal, out Caller? caller))
        {
            Console.Error.WriteLine($"'{principal}' is no principal; see --help for the forms.");
            return 1;
        }

        AuthOptions options = OptionsOf(settings);
        if (caller is { Kind: CallerKind.Staff, Roles: StaffRoles.None })
        {
            if (options.SigningKey != AuthOptions.DevelopmentSigningKey)
            {
                Console.Error.WriteLine(
                    $"Name the roles, as staff:LOGIN:agent; there are {string.Join(", ", Principals.RoleNames)}.");
                return 1;
            }

            caller = caller with { Roles = StaffRoles.All };
        }

        if (hours is not (> 0 and <= 720))
        {
            Console.Error.WriteLine("--hours must be more than 0 and at most 720.");
            return 1;
        }

        Console.WriteLine(new Tokens(Options.Create(options)).Make(caller, TimeSpan.FromHours(hours)));
        return 0;
    }

    /// <summary>A staff token for one run of a verb, signed as <c>token</c> signs by default.</summary>
    public static string StaffToken() => TokenOf("staff");

    /// <summary>A token for one run of a verb, signed as <c>token</c> signs by default.</summary>
    public static string TokenOf(string principal) => Tokens.TryParsePrincipal(principal, out Caller? caller)
        ? TokensOf([]).Make(caller, TimeSpan.FromHours(12))
        : throw new ArgumentException($"'{principal}' is no principal", nameof(principal));

    /// <summary>Tokens by the settings of this command line and environment, else by the development key.</summary>
    public static Tokens TokensOf(IReadOnlyList<string> settings) => new(Options.Create(OptionsOf(settings)));

    private static AuthOptions OptionsOf(IReadOnlyList<string> settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddEnvironmentVariables().AddCommandLine([.. settings]).Build();
        AuthOptions options = new() { SigningKey = AuthOptions.DevelopmentSigningKey };
        configuration.GetSection("Auth").Bind(options);
        return options;
    }
}
