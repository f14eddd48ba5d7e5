using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary>RouteConfiguration as written. With <see cref="UsesVhds"/> its virtual hosts are resources of their own named <c>NAME/VHOST</c>.</summary>
public sealed class RouteTableConfig
{
    public string Name { get; set; } = "";

    public bool UsesVhds { get; set; }

    public List<VirtualHostConfig> VirtualHosts { get; } = [];

    public bool ValidateClusters { get; set; }

    public bool IgnorePortInHostMatching { get; set; }

    public bool MostSpecificHeaderMutationsWins { get; set; }

    /// <summary>0 is unset (4096).</summary>
    public uint MaxDirectResponseBodySizeBytes { get; set; }

    public HeaderOpsConfig Headers { get; set; } = new();

    public List<Origin> Origins { get; } = [];
}
