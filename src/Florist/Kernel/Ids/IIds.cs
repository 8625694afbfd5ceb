namespace Florist.Kernel;

/// <summary>Makes identifiers. Injected, so that a simulation can repeat them.</summary>
public interface IIds
{
    /// <summary>A new unguessable identifier: 20 characters of lower-case base32 (100 random bits).</summary>
    string Next();

    /// <summary>
    /// The identifier that this request makes, always the same for the same arguments, so that a retry of a lost
    /// answer finds the same grain: lower-case base32 of the first 100 bits of an HMAC over them.
    /// </summary>
    /// <param name="principal">Who asks; another caller's equal request id is another request.</param>
    /// <param name="method">What is created, as <c>orders</c>.</param>
    /// <param name="requestId">The caller's request id.</param>
    string Derived(string principal, string method, string requestId);
}
