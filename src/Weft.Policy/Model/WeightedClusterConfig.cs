namespace Weft.Policy.Model;

/// <summary>One entry of weighted_clusters; <see cref="Headers"/> apply to HTTP only.</summary>
public sealed class WeightedClusterConfig
{
    public string Cluster { get; set; } = "";

    public uint Weight { get; set; }

    public HeaderOpsConfig Headers { get; set; } = new();

    public string HostRewriteLiteral { get; set; } = "";
}
