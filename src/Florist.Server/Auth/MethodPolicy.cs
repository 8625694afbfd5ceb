namespace Florist.Server.Auth;

/// <summary>Who may call a method, as a set: kinds of principals, staff by role.</summary>
[Flags]
internal enum Callers
{
    /// <summary>Nobody.</summary>
    None = 0,

    /// <summary>Whoever calls, with a token or without.</summary>
    Anyone = 1,

    /// <summary>A customer.</summary>
    Customer = 2,

    /// <summary>A partner courier.</summary>
    Courier = 4,

    /// <summary>Another system of the shop.</summary>
    Service = 8,

    /// <summary>Staff of customer care.</summary>
    Agent = 16,

    /// <summary>Staff of the shop floor.</summary>
    Florist = 32,

    /// <summary>Who runs the shop.</summary>
    Manager = 64,

    /// <summary>Who reads the audit trail.</summary>
    Auditor = 128,

    /// <summary>Who runs the server.</summary>
    Admin = 256,
}

/// <summary>What a method tells its caller.</summary>
internal enum Data
{
    /// <summary>Nothing about a person, or no more than the caller sent.</summary>
    Plain,

    /// <summary>Personal data: staff who see it leave a line in the audit trail.</summary>
    Personal,
}

/// <summary>What sort of call a method is, for limits of how often it may be made.</summary>
internal enum Pace
{
    /// <summary>Never limited, as a load balancer's question whether the server lives.</summary>
    Free,

    /// <summary>Gets one resource.</summary>
    Read,

    /// <summary>Lists, searches or gets many.</summary>
    List,

    /// <summary>Changes something.</summary>
    Write,

    /// <summary>Opens a stream.</summary>
    Stream,
}

/// <summary>What is decided about one method before its service runs.</summary>
/// <param name="Callers">Who may call it.</param>
/// <param name="Data">What its answers hold.</param>
/// <param name="Pace">Which limit its calls count against.</param>
internal sealed record MethodPolicy(Callers Callers, Data Data, Pace Pace);
