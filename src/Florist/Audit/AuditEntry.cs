using System.Collections.Immutable;

namespace Florist.Audit;

/// <summary>One call that answered with personal data, or would have.</summary>
public sealed record AuditEntry
{
    /// <summary>What tells entries apart.</summary>
    public string Id { get; init; } = "";

    /// <summary>When the call was answered, by the machine's clock.</summary>
    public DateTimeOffset MadeAt { get; init; }

    /// <summary>Who called, as <c>staff:anna</c>.</summary>
    public string Principal { get; init; } = "";

    /// <summary>Names of the caller's roles; empty for those who are not staff.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>For which member of the staff a system of the shop asked; null for staff themselves.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>What was called, as <c>florist.customers.v1.CustomerService/GetCustomer</c>.</summary>
    public string Method { get; init; } = "";

    /// <summary>Names of what was asked for, without control characters.</summary>
    public ImmutableArray<string> Resources { get; init; } = [];

    /// <summary>The filter of a listing; null when there is none.</summary>
    public string? Filter { get; init; }

    /// <summary>How the call ended, as <c>OK</c> or <c>PERMISSION_DENIED</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>Why the caller looked, as the caller says; null when nothing is said.</summary>
    public string? Reason { get; init; }

    /// <summary>What the caller or the trace calls this request.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>The address that the call came from; empty when there is none.</summary>
    public string Address { get; init; } = "";
}
