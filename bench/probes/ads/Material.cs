using System.IO;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Probes.Ads;

/// <summary>The client's certificate and the root, as the server project wrote them.</summary>
internal sealed record Material(X509Certificate2 Client, X509Certificate2 Root)
{
    public static Material Load(string folder) => new(
        X509Certificate2.CreateFromPemFile(Path.Combine(folder, "client.pem"), Path.Combine(folder, "client-key.pem")),
        X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, "root.pem")));
}
