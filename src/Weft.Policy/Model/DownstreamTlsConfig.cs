using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary>DownstreamTlsContext: what we ask of and offer to a client.</summary>
public sealed class DownstreamTlsConfig
{
    public bool RequireClientCertificate { get; set; }

    public List<string> AlpnProtocols { get; } = [];

    /// <summary>OR-ed; empty means no SAN check (match_subject_alt_names).</summary>
    public List<StringMatchConfig> SubjectAltNames { get; } = [];

    /// <summary>SDS name of our own certificate, usually <c>default</c>.</summary>
    public string CertificateSecretName { get; set; } = "";

    /// <summary>SDS name of the trust bundle, usually <c>ROOTCA</c>; empty when clients are not verified.</summary>
    public string ValidationSecretName { get; set; } = "";
}
