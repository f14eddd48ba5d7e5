using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>UpstreamTlsContext.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct UpstreamTlsRecord
{
    public NameRef CertificateSecret;

    /// <summary>Empty: the server is not verified.</summary>
    public NameRef ValidationSecret;
    public Text Sni;
    public Run AlpnProtocols;
    public Run SubjectAltNames;
}
