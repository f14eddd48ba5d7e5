using System.Security.Cryptography.X509Certificates;
using System.Threading;

namespace Weft.Proxy.Discovery;

/// <summary>The certificate that discovery's own connections present, and the root that came with it. Any thread.</summary>
internal sealed class CertificateHolder
{
    private (X509Certificate2? Certificate, string IssuerPem) _current = (null, "");
    private readonly Lock _gate = new();

    public (X509Certificate2? Certificate, string IssuerPem) Current
    {
        get
        {
            lock (_gate) return _current;
        }
    }

    /// <summary>The one before is not disposed: a handshake may hold it, and there are two a day.</summary>
    public void Use(X509Certificate2 certificate, string issuerPem)
    {
        lock (_gate) _current = (certificate, issuerPem);
    }
}
