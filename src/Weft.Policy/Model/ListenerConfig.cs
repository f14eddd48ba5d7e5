using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary>A listener as written (<c>envoy.config.listener.v3.Listener</c>). Mutable, off-loop; compiled by <c>ListenerBlockBuilder</c>.</summary>
public sealed class ListenerConfig
{
    public string Name { get; set; } = "";

    public IpPort Address { get; set; }

    /// <summary>Unset on the wire means true.</summary>
    public bool BindToPort { get; set; } = true;

    public bool UseOriginalDestination { get; set; }

    public TrafficDirection Direction { get; set; }

    public List<ListenerFilterConfig> ListenerFilters { get; } = [];

    /// <summary>listener_filters_timeout.</summary>
    public TimeLimit ListenerFiltersTimeout { get; set; }

    public bool ContinueOnListenerFiltersTimeout { get; set; }

    /// <summary>per_connection_buffer_limit_bytes; 0 is unset (1 MiB).</summary>
    public uint PerConnectionBufferLimitBytes { get; set; }

    public List<FilterChainConfig> FilterChains { get; } = [];

    public FilterChainConfig? DefaultFilterChain { get; set; }

    public List<Origin> Origins { get; } = [];
}
