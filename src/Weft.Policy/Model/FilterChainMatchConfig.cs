using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary><c>envoy.config.listener.v3.FilterChainMatch</c>; an empty list or null means "any".</summary>
public sealed class FilterChainMatchConfig
{
    /// <summary>0 is unset.</summary>
    public int DestinationPort { get; set; }

    public List<CidrRange> PrefixRanges { get; } = [];

    /// <summary>Exact names or <c>*.suffix</c>.</summary>
    public List<string> ServerNames { get; } = [];

    /// <summary><c>tls</c>, <c>raw_buffer</c> or empty.</summary>
    public string TransportProtocol { get; set; } = "";

    public List<string> ApplicationProtocols { get; } = [];

    public List<CidrRange> DirectSourcePrefixRanges { get; } = [];

    public SourceType SourceType { get; set; }

    public List<CidrRange> SourcePrefixRanges { get; } = [];

    public List<int> SourcePorts { get; } = [];
}
