using System.Collections.Frozen;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Florist.Kernel;
using Microsoft.Extensions.Options;

namespace Florist.Server.Auth;

/// <summary>
/// Knows couriers by the certificates that they show: by a pinned fingerprint, or by a DNS name in a certificate of an
/// authority that issues couriers' certificates.
/// </summary>
internal sealed class CourierCertificates
{
    private static readonly Caller Stranger = Caller.Anonymous;

    private readonly FrozenDictionary<string, Caller> byFingerprint;
    private readonly FrozenDictionary<string, Caller> byName;
    private readonly FrozenSet<string> required;
    private readonly X509Certificate2Collection authorities = [];
    private readonly ILogger<CourierCertificates> log;

    // A connection shows one certificate object for all its calls.
    private readonly ConditionalWeakTable<X509Certificate2, Caller> callers = [];

    /// <summary>By the settings; reads the file of authorities.</summary>
    public CourierCertificates(IOptions<AuthOptions> options, ILogger<CourierCertificates> log)
    {
        this.log = log;
        Dictionary<string, CourierCertificateOptions> couriers = options.Value.Couriers;
        byFingerprint = Inverted(couriers, courier => courier.Fingerprints.Select(Digits));
        byName = Inverted(couriers, courier => courier.Names.Select(name => name.ToLowerInvariant()));
        required = couriers.Where(courier => courier.Value.Required).Select(courier => courier.Key)
            .ToFrozenSet(StringComparer.Ordinal);
        if (options.Value.CourierAuthorities is { Length: > 0 } file)
        {
            authorities.ImportFromPemFile(file);
        }

        IsUsed = couriers.Count > 0;
    }

    /// <summary>False when no courier is known by certificates.</summary>
    public bool IsUsed { get; }

    /// <summary>The courier that shows this certificate; null when there is none or it is nobody's.</summary>
    public Caller? CallerOf(X509Certificate2? certificate)
    {
        if (!IsUsed || certificate is null)
        {
            return null;
        }

        Caller found = callers.GetValue(certificate, Find);
        return found == Stranger ? null : found;
    }

    /// <summary>
    /// Whether a caller may use its token on this connection: not one courier's token with another's certificate, and
    /// not without a certificate where the settings require one.
    /// </summary>
    public bool Permits(Caller caller, X509Certificate2? certificate)
    {
        if (!IsUsed || caller.Kind != CallerKind.Courier)
        {
            return true;
        }

        return CallerOf(certificate) is { } shown ? shown.Id == caller.Id : !required.Contains(caller.Id);
    }

    /// <summary>Whether TLS accepts the certificate of a caller. Who that is, is asked later.</summary>
    public bool Accepts(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None || IsPinned(certificate) || IsIssued(certificate, chain);

    private Caller Find(X509Certificate2 certificate)
    {
        if (byFingerprint.GetValueOrDefault(Fingerprint(certificate)) is { } pinned)
        {
            return IsInTime(certificate, pinned) ? pinned : Stranger;
        }

        return byName.Count > 0 && IsIssued(certificate, null)
            ? Names(certificate).Select(name => byName.GetValueOrDefault(name)).FirstOrDefault(one => one is not null)
                ?? Stranger
            : Stranger;
    }

    private bool IsPinned(X509Certificate2 certificate) =>
        byFingerprint.GetValueOrDefault(Fingerprint(certificate)) is { } courier && IsInTime(certificate, courier);

    private bool IsInTime(X509Certificate2 certificate, Caller courier)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        bool isInTime = now >= certificate.NotBefore && now <= certificate.NotAfter;
        if (!isInTime)
        {
            ServerLog.CertificateOutOfDate(log, courier.Id, certificate.NotAfter);
        }

        return isInTime;
    }

    // By our authorities alone: what a machine trusts anyway, names anybody who paid for a certificate.
    private bool IsIssued(X509Certificate2 certificate, X509Chain? shown)
    {
        if (authorities.Count == 0)
        {
            return false;
        }

        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        foreach (X509ChainElement element in shown?.ChainElements.Skip(1) ?? [])
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(certificate);
    }

    private static IEnumerable<string> Names(X509Certificate2 certificate) => certificate.Extensions
        .OfType<X509SubjectAlternativeNameExtension>()
        .SelectMany(extension => extension.EnumerateDnsNames())
        .Select(name => name.ToLowerInvariant());

    private static string Fingerprint(X509Certificate2 certificate) =>
        Convert.ToHexStringLower(SHA256.HashData(certificate.RawDataMemory.Span));

    private static string Digits(string fingerprint) =>
        fingerprint.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant();

    private static FrozenDictionary<string, Caller> Inverted(
        Dictionary<string, CourierCertificateOptions> couriers,
        Func<CourierCertificateOptions, IEnumerable<string>> keys) =>
        couriers
            .SelectMany(courier => keys(courier.Value).Select(key => KeyValuePair.Create(
                key, new Caller(CallerKind.Courier, courier.Key))))
            .ToFrozenDictionary(StringComparer.Ordinal);
}
