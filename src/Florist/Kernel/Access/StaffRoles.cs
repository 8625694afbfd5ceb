namespace Florist.Kernel;

/// <summary>What a member of the staff does at the shop, as a set: one person may have several roles.</summary>
[Flags]
public enum StaffRoles
{
    /// <summary>None: a person of the shop who may do nothing with its data.</summary>
    None = 0,

    /// <summary>Customer care: customers, their recipients, occasions, orders and messages.</summary>
    Agent = 1,

    /// <summary>The shop floor: orders that are to be made, and their deliveries.</summary>
    Florist = 2,

    /// <summary>Runs the shop: all that agents and florists may, and what overrules the ordinary course.</summary>
    Manager = 4,

    /// <summary>Reads who looked at whose data, and no such data.</summary>
    Auditor = 8,

    /// <summary>Runs the server: backups and imports, and no single customer's data.</summary>
    Admin = 16,

    /// <summary>Every role.</summary>
    All = Agent | Florist | Manager | Auditor | Admin,
}
