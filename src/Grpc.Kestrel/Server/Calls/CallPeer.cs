using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Grpc.Kestrel.Server;

/// <summary>Who is at the other end of a call.</summary>
internal static class CallPeer
{
    private const string CommonName = "x509_common_name";
    private const string AlternativeName = "x509_subject_alternative_name";

    private static readonly AuthContext Unauthenticated = new(null, []);

    public static string Describe(HttpContext http)
    {
        if (http.Connection.RemoteIpAddress is IPAddress address)
        {
            int port = http.Connection.RemotePort;
            return address.AddressFamily == AddressFamily.InterNetworkV6
                ? string.Create(CultureInfo.InvariantCulture, $"ipv6:[{address}]:{port}")
                : string.Create(CultureInfo.InvariantCulture, $"ipv4:{address}:{port}");
        }

        // The client's end of a Unix domain socket has no name, so the server's tells which socket it is.
        return http.Features.Get<IConnectionEndPointFeature>()?.LocalEndPoint is UnixDomainSocketEndPoint socket
            ? $"unix:{socket}"
            : "unknown";
    }

    public static AuthContext Authentication(X509Certificate2? certificate)
    {
        if (certificate is null)
        {
            return Unauthenticated;
        }

        Dictionary<string, List<AuthProperty>> properties = [];
        foreach (X509Extension extension in certificate.Extensions)
        {
            if (extension is X509SubjectAlternativeNameExtension names)
            {
                foreach (string name in names.EnumerateDnsNames())
                {
                    Add(properties, AlternativeName, name);
                }
            }
        }

        string subject = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        if (subject.Length > 0)
        {
            Add(properties, CommonName, subject);
        }

        string? identity = properties.ContainsKey(AlternativeName) ? AlternativeName
            : properties.ContainsKey(CommonName) ? CommonName
            : null;
        return new AuthContext(identity, properties);
    }

    private static void Add(Dictionary<string, List<AuthProperty>> properties, string name, string value)
    {
        if (!properties.TryGetValue(name, out List<AuthProperty>? values))
        {
            properties[name] = values = [];
        }

        values.Add(AuthProperty.Create(name, Encoding.UTF8.GetBytes(value)));
    }
}
