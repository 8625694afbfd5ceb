using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Florist.Server.Tests.Edge;

/// <summary>An authority of certificates, and what it issues, as files.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("florist-tls-").FullName;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;
    private int _last;

    public TestCertificates()
    {
        CertificateRequest request = new("CN=Test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _authority = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(30));
        File.WriteAllText(AuthorityFile, _authority.ExportCertificatePem());
    }

    /// <summary>The authority, as a PEM file.</summary>
    public string AuthorityFile => Path.Combine(_folder, "authority.pem");

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Issues a certificate for names, among them addresses; writes PEM files of it and its key.</summary>
    public Issued Issue(string file, bool forServer, TimeSpan? from = null, params string[] names)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder alternatives = new();
        foreach (string name in names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid(forServer ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2")], false));
        DateTimeOffset begin = Now + (from ?? TimeSpan.FromHours(-1));
        using X509Certificate2 bare = request.Create(_authority, begin, begin.AddHours(2), [.. BitConverter.GetBytes(++_last)]);
        string certificateFile = Path.Combine(_folder, file + ".pem");
        string keyFile = Path.Combine(_folder, file + ".key");
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificateFile, bare.ExportCertificatePem());
        using X509Certificate2 whole = bare.CopyWithPrivateKey(key);
        return new Issued(
            X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null), certificateFile, keyFile);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A certificate with its key, and the files of both.</summary>
    internal sealed record Issued(X509Certificate2 Certificate, string File, string KeyFile)
    {
        /// <summary>Its SHA-256 fingerprint as openssl prints it.</summary>
        public string Fingerprint =>
            string.Join(':', SHA256.HashData(Certificate.RawData).Select(part => part.ToString("X2", null)));
    }
}
