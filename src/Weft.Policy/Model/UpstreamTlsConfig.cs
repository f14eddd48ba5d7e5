using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary>UpstreamTlsContext: how we present ourselves to a server and what we expect of it.</summary>
public sealed class UpstreamTlsConfig
{
    public string Sni { get; set; } = "";

    public List<string> AlpnProtocols { get; } = [];

    /// <summary>OR-ed; empty means no SAN check.</summary>
    public List<StringMatchConfig> SubjectAltNames { get; } = [];

    public string CertificateSecretName { get; set; } = "";

    public string ValidationSecretName { get; set; } = "";
}
