using System;
using System.Collections.Generic;

namespace Weft.Native.OpenSsl;

/// <summary>What a <see cref="TlsContext"/> is made of. Everything is PEM in memory: keys never pass through files here.</summary>
public sealed record TlsContextOptions
{
    /// <summary>Side of the handshake.</summary>
    public required TlsRole Role { get; init; }

    /// <summary>Own certificate first, then its issuers. Empty: a client that shows none.</summary>
    public ReadOnlyMemory<byte> CertificateChainPem { get; init; }

    /// <summary>Private key of the first certificate. The caller clears its copy after <see cref="TlsContext.Create"/>.</summary>
    public ReadOnlyMemory<byte> PrivateKeyPem { get; init; }

    /// <summary>Roots that peers' chains must end in; several certificates are trusted equally (overlapping rotation).</summary>
    public ReadOnlyMemory<byte> TrustBundlePem { get; init; }

    /// <summary>Server: refuse a client without a certificate. False only for a gateway that serves browsers. Clients always verify.</summary>
    public bool RequireClientCertificate { get; init; } = true;

    /// <summary>Server: protocols by preference, for connections that bring no list of their own. No common one: the handshake goes on without.</summary>
    public IReadOnlyList<string> AlpnPreferences { get; init; } = [];
}
