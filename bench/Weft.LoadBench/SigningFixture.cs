using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.LoadBench;

/// <summary>Signs whatever it is asked to, as spiffe://cluster.local/ns/bench/sa/bench, with the authority of <see cref="Certificates"/>.</summary>
internal sealed class SigningFixture(string folder)
{
    public IReadOnlyList<string> Sign(string csr)
    {
        using X509Certificate2 root = X509Certificate2.CreateFromPemFile(Path.Combine(folder, "ca.pem"), Path.Combine(folder, "ca-key.pem"));
        CertificateRequest asked = CertificateRequest.LoadSigningRequestPem(csr, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.Default);
        CertificateRequest request = Certificates.Leaf(asked.PublicKey);
        using X509Certificate2 leaf = Certificates.Sign(request, root);
        return [leaf.ExportCertificatePem() + "\n", root.ExportCertificatePem() + "\n"];
    }
}
