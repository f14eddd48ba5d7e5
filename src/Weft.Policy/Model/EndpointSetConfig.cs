using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary>ClusterLoadAssignment as written, its localities flattened onto the endpoints.</summary>
public sealed class EndpointSetConfig
{
    /// <summary>cluster_name.</summary>
    public string Name { get; set; } = "";

    /// <summary>policy.overprovisioning_factor in percent; 0 is unset (140).</summary>
    public uint OverprovisioningFactor { get; set; }

    public List<EndpointConfig> Endpoints { get; } = [];

    public List<Origin> Origins { get; } = [];
}
