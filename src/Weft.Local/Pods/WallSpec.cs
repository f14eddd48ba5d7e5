using System.Collections.Generic;

namespace Weft.Local.Pods;

/// <summary>What the walls around one workload hide and show.</summary>
public sealed record WallSpec
{
    public required string HostName { get; init; }

    /// <summary>Directories of the host that are hidden behind an empty one: sockets, state, temporary files of others.</summary>
    public required IReadOnlyList<string> Hidden { get; init; }

    /// <summary>Directories that stay visible, read-only, even below a hidden one or one that an ordinary user cannot pass.</summary>
    public required IReadOnlyList<string> Shown { get; init; }

    /// <summary>Content of /etc/resolv.conf.</summary>
    public required string ResolvConf { get; init; }

    /// <summary>Content of /etc/hosts.</summary>
    public required string Hosts { get; init; }

    /// <summary>Files below /run (relative) that only this workload has: its own service account token.</summary>
    public IReadOnlyDictionary<string, string> RunFiles { get; init; } = new Dictionary<string, string>();

    public required WorkloadUser User { get; init; }
}
