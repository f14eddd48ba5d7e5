using System.Collections.Generic;

namespace Weft.Config.Networking;

/// <summary>Istio's Gateway spec, whole schema.</summary>
public sealed record Gateway
{
    public IReadOnlyList<Server> Servers { get; init; } = [];

    /// <summary>Labels of the gateway pods; empty selects all gateways.</summary>
    public IReadOnlyDictionary<string, string> Selector { get; init; } = EmptyMap.OfStrings;
}

public sealed record Server
{
    /// <summary>Place in the list as written: entries that are left out keep their number, so paths name the right one.</summary>
    public int Index { get; init; }

    public Port Port { get; init; } = new();

    public string? Bind { get; init; }

    /// <summary><c>[namespace/]dnsName</c>.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    public ServerTlsSettings? Tls { get; init; }

    public string? DefaultEndpoint { get; init; }

    public string? Name { get; init; }
}

public sealed record Port
{
    public uint Number { get; init; }

    /// <summary>As written; <see cref="PortProtocol"/> reads it.</summary>
    public string Protocol { get; init; } = "";

    public string Name { get; init; } = "";

    public uint? TargetPort { get; init; }
}

/// <summary>How a gateway terminates TLS. A field not honoured yet refuses the whole object.</summary>
public sealed record ServerTlsSettings
{
    public bool? HttpsRedirect { get; init; }

    /// <summary>Null reads as PASSTHROUGH, as in Istio's proto.</summary>
    public ServerTlsMode? Mode { get; init; }

    public string? ServerCertificate { get; init; }

    public string? PrivateKey { get; init; }

    public string? CaCertificates { get; init; }

    public string? CaCrl { get; init; }

    public string? CredentialName { get; init; }

    public IReadOnlyList<string> CredentialNames { get; init; } = [];

    public string? CaCertCredentialName { get; init; }

    public IReadOnlyList<TlsCertificate> TlsCertificates { get; init; } = [];

    public IReadOnlyList<string> SubjectAltNames { get; init; } = [];

    public IReadOnlyList<string> VerifyCertificateSpki { get; init; } = [];

    public IReadOnlyList<string> VerifyCertificateHash { get; init; } = [];

    public TlsProtocol? MinProtocolVersion { get; init; }

    public TlsProtocol? MaxProtocolVersion { get; init; }

    public IReadOnlyList<string> CipherSuites { get; init; } = [];

    public bool? InsecureSkipVerify { get; init; }
}

public sealed record TlsCertificate
{
    public string? ServerCertificate { get; init; }

    public string? PrivateKey { get; init; }

    public string? CaCertificates { get; init; }
}

public enum ServerTlsMode : byte
{
    Passthrough,
    Simple,
    Mutual,
    AutoPassthrough,
    IstioMutual,
    OptionalMutual,
}

public enum TlsProtocol : byte
{
    Auto,
    Tls10,
    Tls11,
    Tls12,
    Tls13,
}
