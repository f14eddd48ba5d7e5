using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary>LbEndpoint as written.</summary>
public sealed class EndpointConfig
{
    public IpPort Address { get; set; }

    /// <summary>For DNS clusters, where <see cref="Address"/> holds only the port.</summary>
    public string Hostname { get; set; } = "";

    public EndpointHealth Health { get; set; }

    /// <summary>1 when the message leaves it out.</summary>
    public uint Weight { get; set; } = 1;

    public uint Priority { get; set; }

    public Locality Locality { get; set; } = Locality.None;

    /// <summary>metadata.filter_metadata.envoy.transport_socket_match, <c>tlsMode</c> included.</summary>
    public List<KeyValuePair<string, string>> SocketMatch { get; } = [];

    /// <summary>metadata.filter_metadata.istio.workload: <c>workload;namespace;canonical name;revision;cluster</c>.</summary>
    public string Workload { get; set; } = "";

    public List<Origin> Origins { get; } = [];
}
