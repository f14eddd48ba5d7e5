using System;

namespace Weft.Proxy.Discovery;

/// <summary>How discovery is doing, for /config_dump, metrics and readiness. Immutable; read from any thread.</summary>
public sealed record DiscoveryStatus
{
    public bool IsConnected { get; init; }

    /// <summary>True once a whole snapshot has been published, in this life or from a previous connection.</summary>
    public bool IsReady { get; init; }

    /// <summary>True once a certificate is there (or none is needed).</summary>
    public bool HasIdentity { get; init; }

    /// <summary>The digest of the snapshot in force; empty before the first.</summary>
    public string Digest { get; init; } = "";

    public DateTimeOffset LastPush { get; init; }

    /// <summary>What the last refused response was refused for; empty when the last one was accepted.</summary>
    public string LastRejection { get; init; } = "";

    /// <summary>Why the stream or the last certificate request failed; empty when all is well.</summary>
    public string LastError { get; init; } = "";

    public long PushesAccepted { get; init; }

    public long PushesRejected { get; init; }

    public long Connects { get; init; }

    /// <summary>Fields that were ignored because they are known to be harmless.</summary>
    public long IgnoredFields { get; init; }

    public DateTimeOffset CertificateNotAfter { get; init; }

    public long CertificatesObtained { get; init; }

    public long CertificateFailures { get; init; }
}
