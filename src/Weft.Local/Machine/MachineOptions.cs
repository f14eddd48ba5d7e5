using System.Collections.Generic;
using Microsoft.Win32.SafeHandles;

namespace Weft.Local.Machine;

/// <summary>What the launcher tells the machine.</summary>
public sealed record MachineOptions
{
    public required MeshPaths Paths { get; init; }

    /// <summary>weft runs as root: other users can be taken, the owner guard works.</summary>
    public required bool IsRoot { get; init; }

    /// <summary>Read end whose end of file means that the launcher is gone; null when detached.</summary>
    public SafeFileHandle? Lifeline { get; init; }

    /// <summary>Gateway port → listening socket of the host.</summary>
    public IReadOnlyDictionary<int, SafeFileHandle> Doors { get; init; } = new Dictionary<int, SafeFileHandle>();

    /// <summary>Gateway port → address on the host, for people.</summary>
    public IReadOnlyDictionary<int, string> DoorAddresses { get; init; } = new Dictionary<int, string>();

    /// <summary>Folder with weft, weftd and weft-proxy.</summary>
    public required string BinaryDirectory { get; init; }

    /// <summary>deploy/NAME or NAME → command, from --run.</summary>
    public IReadOnlyDictionary<string, string> Commands { get; init; } = new Dictionary<string, string>();

    public string TrustDomain { get; init; } = "cluster.local";

    /// <summary>Mesh-wide mutual TLS when no PeerAuthentication says: STRICT on a machine (design section 6).</summary>
    public string DefaultMutualTls { get; init; } = "STRICT";

    /// <summary>The host's PATH, for workloads.</summary>
    public string HostPath { get; init; } = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Loops per proxy: many proxies share this machine.</summary>
    public int ProxyConcurrency { get; init; } = 1;
}
