using System;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using Weft.Identity;

namespace Weft.Serving.Hosting;

/// <summary>Our own certificate for the TLS ports, issued by our own CA and replaced at half of its life. Any thread.</summary>
internal sealed class ServingCertificate(CertificateAuthority authority, System.Collections.Generic.IReadOnlyList<string> dnsNames, SpiffeId id, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private X509Certificate2? _current;

    public X509Certificate2 Current
    {
        get
        {
            lock (_lock)
            {
                DateTimeOffset now = clock.GetUtcNow();
                if (_current is null || now > Halfway(_current))
                {
                    // The old one is left to the collector: handshakes that chose it may still be running.
                    _current = authority.IssueServer(dnsNames, id, now);
                }

                return _current;
            }
        }
    }

    private static DateTimeOffset Halfway(X509Certificate2 certificate) =>
        certificate.NotBefore.ToUniversalTime() + ((certificate.NotAfter - certificate.NotBefore) / 2);
}
