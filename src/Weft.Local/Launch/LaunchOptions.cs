using System.Collections.Generic;

namespace Weft.Local.Launch;

/// <summary>What <c>weft up</c> was asked for.</summary>
public sealed record LaunchOptions
{
    public required MeshPaths Paths { get; init; }

    /// <summary>Gateway port → port on 127.0.0.1.</summary>
    public required IReadOnlyDictionary<int, int> Doors { get; init; }

    /// <summary>Workload → command.</summary>
    public IReadOnlyDictionary<string, string> Commands { get; init; } = new Dictionary<string, string>();

    /// <summary>The machine outlives its launcher.</summary>
    public bool IsDetached { get; init; }

    /// <summary>STRICT or PERMISSIVE.</summary>
    public string DefaultMutualTls { get; init; } = "STRICT";
}
