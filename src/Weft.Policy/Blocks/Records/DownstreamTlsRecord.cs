using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>DownstreamTlsContext.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct DownstreamTlsRecord
{
    public NameRef CertificateSecret;

    /// <summary>Empty: clients are not verified.</summary>
    public NameRef ValidationSecret;
    public Run AlpnProtocols;
    public Run SubjectAltNames;

    /// <summary>1: a client without a certificate is refused.</summary>
    public int RequireClientCertificate;
    public int Reserved;
}
