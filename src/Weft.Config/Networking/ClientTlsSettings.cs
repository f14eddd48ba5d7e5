using System.Collections.Generic;

namespace Weft.Config.Networking;

/// <summary>How a client originates TLS. A field not honoured yet refuses the whole object.</summary>
public sealed record ClientTlsSettings
{
    /// <summary>Null reads as DISABLE, as in Istio's proto.</summary>
    public ClientTlsMode? Mode { get; init; }

    public string? ClientCertificate { get; init; }

    public string? PrivateKey { get; init; }

    public string? CaCertificates { get; init; }

    public string? CaCrl { get; init; }

    public string? CredentialName { get; init; }

    public IReadOnlyList<string> SubjectAltNames { get; init; } = [];

    public string? Sni { get; init; }

    public bool? InsecureSkipVerify { get; init; }
}

public enum ClientTlsMode : byte
{
    Disable,
    Simple,
    Mutual,
    IstioMutual,
}
