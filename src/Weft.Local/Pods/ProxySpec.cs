using System.Collections.Generic;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Weft.Native;

namespace Weft.Local.Pods;

/// <summary>What a pod's proxy is started with; the same for every restart, so that the sockets' backlogs survive it.</summary>
public sealed record ProxySpec
{
    public required PodIdentity Identity { get; init; }

    /// <summary>A gateway instead of a sidecar.</summary>
    public bool IsRouter { get; init; }

    /// <summary>Path of weft-proxy.</summary>
    public required string Binary { get; init; }

    /// <summary>Its folder: admin.sock and proxy.log.</summary>
    public required string Directory { get; init; }

    /// <summary>Listening socket of 15001.</summary>
    public required Socket Outbound { get; init; }

    /// <summary>Listening socket of 15006.</summary>
    public required Socket Inbound { get; init; }

    /// <summary>UDP socket of 15053.</summary>
    public required Socket Dns { get; init; }

    public required MemoryFile Token { get; init; }

    public required MemoryFile RootCertificate { get; init; }

    /// <summary>Gateway port → socket of the host.</summary>
    public IReadOnlyDictionary<int, SafeFileHandle> Doors { get; init; } = new Dictionary<int, SafeFileHandle>();

    public required WorkloadUser User { get; init; }

    /// <summary>weftd, host:port.</summary>
    public required string Discovery { get; init; }

    public required string TrustDomain { get; init; }

    public required string UpstreamDns { get; init; }

    public int Concurrency { get; init; } = 1;

    public int DrainSeconds { get; init; } = 5;
}
