using System;

namespace Weft.Proxy.Discovery;

/// <summary>What a TLS context is made of: PEM in memory, never files.</summary>
public sealed record WorkloadIdentity
{
    /// <summary>The SPIFFE id that the certificate carries.</summary>
    public required string SpiffeId { get; init; }

    /// <summary>PEM, leaf first, without the root.</summary>
    public required ReadOnlyMemory<byte> ChainPem { get; init; }

    /// <summary>PKCS#8 in PEM. Zero it once it is in a TLS context.</summary>
    public required Memory<byte> KeyPem { get; init; }

    /// <summary>The roots that came with the certificate; the ROOTCA secret replaces them once it arrives.</summary>
    public required ReadOnlyMemory<byte> BundlePem { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Hexadecimal.</summary>
    public required string SerialNumber { get; init; }
}
